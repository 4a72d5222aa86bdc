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
        while start < query.upperBound {
            let end = head[start..<query.upperBound].firstIndex(of: UInt8(ascii: "&")) ?? query.upperBound
            if start < end { found.append(parameter(start..<end)) }
            start = end + 1
        }
        return found
    }

    private func parameter(_ place: Range<Int>) -> FieldRange {
        guard let equals = head[place].firstIndex(of: UInt8(ascii: "=")) else {
            return FieldRange(name: place, value: place.upperBound..<place.upperBound)
        }
        return FieldRange(name: place.lowerBound..<equals, value: equals + 1..<place.upperBound)
    }

    /// The place of the value of the first parameter of this name. The name is given decoded; case counts.
    package func placeOfParameter(_ name: String) -> Range<Int>? {
        guard let query, !query.isEmpty else { return nil }
        return queryParameters.first { isParameter($0.name, named: name) }?.value
    }

    private func isParameter(_ place: Range<Int>, named name: String) -> Bool {
        let raw = head[place]
        if raw.elementsEqual(name.utf8) { return true }
        guard raw.contains(UInt8(ascii: "%")), let decoded = PercentEncoding.decode(raw) else { return false }
        return decoded.elementsEqual(name.utf8)
    }

    /// The decoded value of the first parameter of this name; nil when there is none, or when what its escapes spell is
    /// not UTF-8. A "+" is a plus sign: the AWS SDKs and RFC 3986 write a space as %20.
    package func parameter(_ name: String) -> String? {
        placeOfParameter(name).flatMap(decoded)
    }

    /// The text behind the escapes at this place of the head; nil when they are malformed or not UTF-8.
    package func decoded(_ place: Range<Int>) -> String? {
        let raw = head[place]
        guard raw.contains(UInt8(ascii: "%")) else { return String(utf8: raw) }
        return PercentEncoding.decode(raw).flatMap { String(utf8: $0) }
    }
}
