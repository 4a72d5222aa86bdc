import Bytes

/// The request target in parts, all still encoded: places in the head, so that signatures see what the client signed.
extension Request {
    /// Whether the path goes on with this text from here.
    package func stands(_ text: StaticString, at start: Int) -> Bool {
        guard start >= path.lowerBound, path.upperBound - start >= text.utf8CodeUnitCount else { return false }
        return RequestLine.spells(head.span, text, at: start)
    }

    /// The place of the value of the first parameter of this name. The name is given decoded; case counts.
    package func placeOfParameter(_ name: String) -> Range<Int>? {
        guard let query else { return nil }
        var start = query.lowerBound
        while let parameter = FieldRange.parameter(in: head.span, from: &start, to: query.upperBound) {
            if !parameter.isNothing, isParameter(parameter.name, named: name) { return parameter.value }
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

    /// The same for a name whose case does not count, given in lower case: what a client wrote as a parameter because it
    /// could set no field.
    package func parameter(caseless name: [UInt8]) -> ArraySlice<UInt8>? {
        guard let query else { return nil }
        var start = query.lowerBound
        while let parameter = FieldRange.parameter(in: head.span, from: &start, to: query.upperBound) {
            guard ASCII.equalsIgnoringCase(head[parameter.name], name) else { continue }
            return PercentEncoding.decode(head[parameter.value]).map { $0[...] }
        }
        return nil
    }

    /// The text behind the escapes at this place of the head; nil when they are malformed or not UTF-8.
    package func decoded(_ place: Range<Int>) -> String? {
        let raw = head[place]
        guard raw.contains(UInt8(ascii: "%")) else { return String(utf8: raw) }
        return PercentEncoding.decode(raw).flatMap { String(utf8: $0) }
    }
}
