import Fields
import JSON

/// `contains`: a string that holds these characters, or an array that holds this string.
package struct Contains: Operator {
    package static let word = "contains"
    package static let column = StoredColumn("contains", .text)
    private let text: String

    package init(_ text: String) { self.text = text }

    package init?(_ fields: inout FieldReader) {
        guard let text = fields.text(Self.word, .notEmpty) else { return nil }
        self.text = text
    }

    package init?(stored: StoredValue) {
        guard let text = stored.text else { return nil }
        self.text = text
    }

    package var written: Value { .string(text) }
    package var stored: StoredValue { .text(text) }
    package var pairs: PairSet { PairSet(of: text.utf8.span) }
    package func failure(_ effort: SearchEffort) -> String { "does not contain \(Excerpt.of(.string(text)))" }

    package func holds(for value: Value, _ effort: inout SearchEffort) -> Bool {
        switch value {
        case .string(let whole): Self.isFound(text.utf8.span, in: whole.utf8.span)
        case .array(let elements): elements.contains(.string(text))
        default: false
        }
    }

    /// Byte by byte: what is UTF-8 on both sides is found only at whole characters.
    private static func isFound(_ wanted: Span<UInt8>, in text: Span<UInt8>) -> Bool {
        guard wanted.count > 0 else { return true }
        guard text.count >= wanted.count else { return false }
        let first = wanted[0]
        for start in 0...(text.count - wanted.count) where text[start] == first {
            var length = 1
            while length < wanted.count, text[start + length] == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }
}
