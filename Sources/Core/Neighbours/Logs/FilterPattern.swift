import Bytes

// Rules.  CloudWatch's filter patterns for unstructured log events: every term has to be there, of those behind a question
//         mark one, of those behind a minus none. "Case matters." What is more than letters, digits and underscores stands
//         in quotation marks, and `\"` in them is one. Patterns for JSON, for columns and of regular expressions are told
//         to be none: better a refusal than events that nobody asked for.

/// What the events have to hold.
struct FilterPattern: Equatable {
    private var needed: [[UInt8]] = []
    private var excluded: [[UInt8]] = []
    /// One of them, where there are any.
    private var optional: [[UInt8]] = []

    static let everything = FilterPattern()

    private init() {}

    init(_ text: String) throws(NeighbourError) {
        var rest = Array(text.utf8)[...]
        while let first = rest.first(where: { $0 != UInt8(ascii: " ") }) {
            rest = rest.drop { $0 == UInt8(ascii: " ") }
            let isMarked = first == UInt8(ascii: "?") || first == UInt8(ascii: "-")
            if isMarked { rest.removeFirst() }
            guard let term = Self.term(&rest) else { throw Self.invalid(text) }
            switch first {
            case UInt8(ascii: "?"): optional.append(term)
            case UInt8(ascii: "-"): excluded.append(term)
            default: needed.append(term)
            }
        }
    }

    private static func term(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.first == UInt8(ascii: "\"") else {
            let word = rest.prefix { $0 != UInt8(ascii: " ") }
            rest = rest.dropFirst(word.count)
            let isPlain = word.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") || $0 > 0x7F
            }
            return isPlain && !word.isEmpty ? Array(word) : nil
        }
        rest.removeFirst()
        var term: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return rest.first.map { $0 == UInt8(ascii: " ") } == false ? nil : term }
            let isEscape = byte == UInt8(ascii: "\\") && (rest.first == UInt8(ascii: "\"") || rest.first == byte)
            term.append(isEscape ? rest.removeFirst() : byte)
        }
        return nil
    }

    private static func invalid(_ text: String) -> NeighbourError {
        NeighbourError(
            "InvalidParameterException", "Invalid filter pattern",
            why:
                "\(AskedService.shown(text)) is no pattern of terms: ERROR \"in quotes\" ?this ?that -without; no others "
                + "are served here")
    }

    func matches(_ message: String) -> Bool {
        if self == .everything { return true }
        let bytes = Array(message.utf8)
        func has(_ term: [UInt8]) -> Bool { ByteSearch.first(term.span, in: bytes.span, from: 0) != nil }
        return needed.allSatisfy(has) && !excluded.contains(where: has)
            && (optional.isEmpty || optional.contains(where: has))
    }
}
