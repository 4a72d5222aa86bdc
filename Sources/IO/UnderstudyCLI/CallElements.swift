/// Takes the calls out of `{"calls":[ … ], …}` one by one, as the bytes come: a journal may be larger than what should
/// be held at once. Splits only; whether an element is JSON is for its reader to find.
struct CallElements {
    private enum Place {
        /// Before the array of this answer's only array member.
        case before, inside, after
    }

    private var place = Place.before
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var element: [UInt8] = []

    /// Whether the array has come to its end.
    var isComplete: Bool { place == .after }

    /// The elements that these bytes finish.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        for byte in bytes {
            switch place {
            case .before: if byte == UInt8(ascii: "[") { place = .inside }
            case .inside: if let element = take(byte) { elements.append(element) }
            case .after: break
            }
        }
        return elements
    }

    private mutating func take(_ byte: UInt8) -> [UInt8]? {
        if depth == 0 {
            if byte == UInt8(ascii: "]") { place = .after }
            guard byte == UInt8(ascii: "{") else { return nil }
        }
        element.append(byte)
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return nil
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        guard depth == 0 else { return nil }
        defer { element.removeAll(keepingCapacity: true) }
        return element
    }
}
