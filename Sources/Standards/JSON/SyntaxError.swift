/// Why a text is not JSON, in plain words, and where.
package struct SyntaxError: Error, Equatable, CustomStringConvertible {
    /// Bytes before the offender.
    package var offset: Int
    package var line: Int
    package var column: Int
    package var message: String

    init(at offset: Int, in bytes: Span<UInt8>, _ message: String) {
        let position = Position(of: offset, in: bytes)
        (self.offset, self.line, self.column) = (offset, position.line, position.column)
        self.message = message
    }

    package var description: String { "line \(line), column \(column): \(message)" }
}

/// A place in a text as people and editors count: from 1, the column in characters (Unicode scalar values).
package struct Position: Equatable, Sendable, CustomStringConvertible {
    package var line: Int
    package var column: Int

    package init(of offset: Int, in bytes: Span<UInt8>) {
        (line, column) = (1, 1)
        for index in 0..<min(max(offset, 0), bytes.count) {
            if bytes[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
    }

    package init(of offset: Int, in bytes: [UInt8]) { self.init(of: offset, in: bytes.span) }

    package var description: String { "line \(line), column \(column)" }
}
