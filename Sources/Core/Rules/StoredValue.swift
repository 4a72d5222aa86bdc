import JSON

/// A column in which a library keeps one thing that an operator or a reply kind says. The storage reads and writes such
/// columns without knowing whose they are.
package struct StoredColumn: Equatable, Sendable {
    package enum Kind: Sendable { case json, text, bytes, integer, truth, real, duration }

    package let name: String
    package let kind: Kind
    /// Whether a row means nothing without it.
    package let isNeeded: Bool

    package init(_ name: String, _ kind: Kind, isNeeded: Bool = false) {
        self.name = name
        self.kind = kind
        self.isNeeded = isNeeded
    }
}

/// What stands in such a column.
package enum StoredValue: Equatable, Sendable {
    case json(Value)
    case text(String)
    case bytes([UInt8])
    case integer(Int)
    case truth(Bool)
    case real(Double)
    case duration(Duration)

    var json: Value? { if case .json(let value) = self { value } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var integer: Int? { if case .integer(let number) = self { number } else { nil } }
    var truth: Bool? { if case .truth(let truth) = self { truth } else { nil } }
    var real: Double? { if case .real(let number) = self { number } else { nil } }
    var duration: Duration? { if case .duration(let duration) = self { duration } else { nil } }
}
