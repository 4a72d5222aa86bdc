/// One JSON text (RFC 8259) as a value: members in their order, numbers with the digits they were written in.
package indirect enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The literal as it stood, `1.50` or `1e400`: reading it as a number is the reader's risk, not the parser's.
    case number(String)
    case string(String)
    case array([Value])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}
