import Bytes

/// The parameters of a query by their places, still encoded.
enum QueryParameters {
    static func split(_ query: Range<Int>, of head: [UInt8]) -> [FieldRange] {
        var parameters: [FieldRange] = []
        var start = query.lowerBound
        while let parameter = FieldRange.parameter(in: head.span, from: &start, to: query.upperBound) {
            parameters.append(parameter)
        }
        return parameters
    }

    /// The byte that the two digits at `index` spell.
    static func escape(_ bytes: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 1 < bytes.count, let high = Hex.value(of: bytes[index]), let low = Hex.value(of: bytes[index + 1])
        else { return nil }
        return high << 4 | low
    }

    /// What is behind the first `%` that starts no escape: nothing or the two bytes that are no digits.
    static func malformedEscape(in bytes: Span<UInt8>) -> [UInt8]? {
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "%") else { continue }
            guard index + 2 < bytes.count else { return [] }
            guard escape(bytes, at: index + 1) != nil else { return [bytes[index + 1], bytes[index + 2]] }
            index += 2
        }
        return nil
    }
}
