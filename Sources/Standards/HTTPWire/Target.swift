import Bytes

/// The request target in parts, all still encoded: places in the head, so that signatures see what the client signed.
extension Request {
    /// Whether the path goes on with this text from here.
    package func stands(_ text: StaticString, at start: Int) -> Bool {
        guard start >= path.lowerBound, path.upperBound - start >= text.utf8CodeUnitCount else { return false }
        return RequestLine.spells(head.span, text, at: start)
    }

    /// What stands between the slashes of the path. "/a/b" has two segments, "/a/" a second, empty one, "/" one empty.
    package var pathSegments: [Range<Int>] {
        guard let first = path.first, head[first] == UInt8(ascii: "/") else { return [] }
        var segments: [Range<Int>] = []
        var start = first + 1
        for index in start..<path.upperBound where head[index] == UInt8(ascii: "/") {
            segments.append(start..<index)
            start = index + 1
        }
        segments.append(start..<path.upperBound)
        return segments
    }

    /// The parameters of the query in order; one without "=" has an empty value, and an empty one is none.
    package var queryParameters: [FieldRange] {
        guard let query else { return [] }
        var found: [FieldRange] = []
        var start = query.lowerBound
        while let parameter = parameter(from: &start, to: query.upperBound) { found.append(parameter) }
        return found
    }

    /// The next parameter from `start` on, which moves behind it.
    private func parameter(from start: inout Int, to queryEnd: Int) -> FieldRange? {
        let bytes = head.span
        while start < queryEnd {
            let place = start..<ByteSearch.first(UInt8(ascii: "&"), in: bytes, start..<queryEnd)
            start = place.upperBound + 1
            if place.isEmpty { continue }
            let equals = ByteSearch.first(UInt8(ascii: "="), in: bytes, place)
            return FieldRange(
                name: place.lowerBound..<equals, value: min(equals + 1, place.upperBound)..<place.upperBound)
        }
        return nil
    }

    /// The place of the value of the first parameter of this name. The name is given decoded; case counts.
    package func placeOfParameter(_ name: String) -> Range<Int>? {
        guard let query else { return nil }
        var start = query.lowerBound
        while let parameter = parameter(from: &start, to: query.upperBound) {
            if isParameter(parameter.name, named: name) { return parameter.value }
        }
        return nil
    }

    private func isParameter(_ place: Range<Int>, named name: String) -> Bool {
        if ByteSearch.equal(head.span.extracting(place), name.utf8.span) { return true }
        let raw = head[place]
        guard raw.contains(UInt8(ascii: "%")), let decoded = PercentEncoding.decode(raw) else { return false }
        return decoded.elementsEqual(name.utf8)
    }

    /// The decoded value of the first parameter of this name; nil when there is none, or when what its escapes spell is
    /// not UTF-8. A "+" is a plus sign: the AWS SDKs and RFC 3986 write a space as %20.
    package func parameter(_ name: String) -> String? {
        guard let place = placeOfParameter(name) else { return nil }
        return decoded(place)
    }

    /// The text behind the escapes at this place of the head; nil when they are malformed or not UTF-8.
    package func decoded(_ place: Range<Int>) -> String? {
        let raw = head[place]
        guard raw.contains(UInt8(ascii: "%")) else { return String(utf8: raw) }
        return PercentEncoding.decode(raw).flatMap { String(utf8: $0) }
    }
}
