import Bytes

/// The canonical query string: "URI-encode each parameter name and value … Sort the parameter names by character code
/// point in ascending order. Parameters with duplicate names should be sorted by value".
package enum CanonicalQuery {
    /// What a query that was not sent in its canonical spelling means. Official signers differ, so a verifier tries
    /// each; for a query in canonical spelling they are all the same.
    package enum Reading: CaseIterable, Sendable {
        /// Decoded as a form and encoded again: the service itself, the SDKs for Go and Rust, aws4fetch.
        case plusIsSpace
        /// Decoded as a URI and encoded again: the common runtime.
        case plusIsPlus
        /// Split and sorted, never decoded: botocore, when it is given a URL.
        case asSent
    }

    /// - Parameter signature: the parameter that carries the signature, and is not signed.
    package static func append(
        _ query: Range<Int>, of head: [UInt8], reading: Reading = .plusIsSpace, omitting signature: FieldRange? = nil,
        redacting: Bool = false, to text: inout [UInt8]
    ) {
        let bytes = head.span.extracting(query)
        if !redacting, signature == nil, !query.isEmpty,
            ByteSearch.first(UInt8(ascii: "&"), in: head.span, query) == query.upperBound
        {
            return appendOnly(query, of: head, reading: reading, to: &text)
        }
        var spelled: [UInt8] = []
        spelled.reserveCapacity(bytes.count + 64)
        var parameters: [FieldRange] = []
        for parameter in QueryParameters.split(query, of: head) where parameter != signature {
            // Only botocore signs a `=` for the nothing between two `&`.
            if parameter.isNothing, reading != .asSent { continue }
            let start = spelled.count
            append(parameter.name, of: head, reading: reading, to: &spelled)
            let middle = spelled.count
            if redacting, SecretName.matches(spelled.span.extracting(start..<middle)) {
                spelled.append(SecretName.mask)
            } else {
                append(parameter.value, of: head, reading: reading, to: &spelled)
            }
            parameters.append(FieldRange(name: start..<middle, value: middle..<spelled.count))
        }
        if parameters.count > 1 { parameters.sort { precedes($0, $1, in: spelled.span) } }
        for (number, parameter) in parameters.enumerated() {
            if number > 0 { text.append(UInt8(ascii: "&")) }
            text.append(parameter.name, of: spelled)
            text.append(UInt8(ascii: "="))
            text.append(parameter.value, of: spelled)
        }
    }

    /// A query of one parameter: nothing has to be sorted.
    private static func appendOnly(
        _ parameter: Range<Int>, of head: [UInt8], reading: Reading, to text: inout [UInt8]
    ) {
        let equals = ByteSearch.first(UInt8(ascii: "="), in: head.span, parameter)
        append(parameter.lowerBound..<equals, of: head, reading: reading, to: &text)
        text.append(UInt8(ascii: "="))
        if equals < parameter.upperBound {
            append(equals + 1..<parameter.upperBound, of: head, reading: reading, to: &text)
        }
    }

    private static func append(_ place: Range<Int>, of head: [UInt8], reading: Reading, to text: inout [UInt8]) {
        if reading == .asSent { return text.append(place, of: head) }
        let bytes = head.span.extracting(place)
        var index = 0
        while index < bytes.count {
            let start = index
            while index < bytes.count, PercentEncoding.isUnreserved(bytes[index]) { index += 1 }
            text.append((place.lowerBound + start)..<(place.lowerBound + index), of: head)
            guard index < bytes.count else { return }
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "%"), let decoded = QueryParameters.escape(bytes, at: index) {
                byte = decoded
                index += 2
            } else if byte == UInt8(ascii: "+"), reading == .plusIsSpace {
                byte = UInt8(ascii: " ")
            }
            PercentEncoding.append(byte, to: &text)
        }
    }

    private static func precedes(_ left: FieldRange, _ right: FieldRange, in bytes: Span<UInt8>) -> Bool {
        let names = order(left.name, right.name, in: bytes)
        return names == 0 ? order(left.value, right.value, in: bytes) < 0 : names < 0
    }

    /// Less than zero when `left` sorts first, zero when they are equal.
    private static func order(_ left: Range<Int>, _ right: Range<Int>, in bytes: Span<UInt8>) -> Int {
        for offset in 0..<min(left.count, right.count) {
            let difference = Int(bytes[left.lowerBound + offset]) - Int(bytes[right.lowerBound + offset])
            if difference != 0 { return difference }
        }
        return left.count - right.count
    }
}
