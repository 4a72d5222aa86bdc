import Bytes

/// RFC 9112 section 3: request-line = method SP request-target SP HTTP-version. Single spaces, nothing else: "a
/// recipient MAY instead parse on whitespace-delimited word boundaries", which is how requests are smuggled.
struct RequestLine: Equatable, Sendable {
    var method: Range<Int>
    var target: Range<Int>
    var path: Range<Int>
    var query: Range<Int>?
    /// The host and port inside an absolute-form target.
    var authority: Range<Int>?
    var minorVersion: UInt8

    init(method: Range<Int>, target: Range<Int>, path: Range<Int>, query: Range<Int>?, minorVersion: UInt8) {
        (self.method, self.target, self.path, self.query) = (method, target, path, query)
        self.minorVersion = minorVersion
    }

    init(_ bytes: Span<UInt8>, line: Range<Int>, limits: Limits) throws(MessageRefusal) {
        method = try Self.method(bytes, line: line, limit: limits.method)
        let targetStart = method.upperBound + 1
        minorVersion = try Self.minorVersion(bytes, from: targetStart, to: line.upperBound)
        target = targetStart..<line.upperBound - 9
        path = target
        try readTarget(bytes)
    }

    private static func method(_ bytes: Span<UInt8>, line: Range<Int>, limit: Int) throws(MessageRefusal) -> Range<Int>
    {
        let end = line.lowerBound + CharacterClass.token.run(in: bytes, from: line.lowerBound, to: line.upperBound)
        guard end > line.lowerBound, end < line.upperBound, bytes[end] == UInt8(ascii: " ") else {
            throw .malformed("The request line does not begin with a method and one space (RFC 9112 section 3).")
        }
        guard end - line.lowerBound <= limit else {
            throw MessageRefusal(status: 501, message: "The method is longer than any that this server knows.")
        }
        return line.lowerBound..<end
    }

    /// RFC 9112 2.3: HTTP-version = HTTP-name "/" DIGIT "." DIGIT, and HTTP-name is case-sensitive. It ends the line, and
    /// a space stands before it.
    private static func minorVersion(_ bytes: Span<UInt8>, from start: Int, to lineEnd: Int) throws(MessageRefusal)
        -> UInt8
    {
        let space = lineEnd - 9
        guard space >= start, spells(bytes, " HTTP/", at: space), ASCII.isDigit(bytes[space + 6]),
            bytes[space + 7] == UInt8(ascii: "."), ASCII.isDigit(bytes[space + 8])
        else {
            throw .malformed("The request line does not end in one space and an HTTP version (RFC 9112 section 3).")
        }
        guard bytes[space + 6] == UInt8(ascii: "1") else {
            throw MessageRefusal(status: 505, message: "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
        // RFC 9110 2.5: "A recipient that receives a message with a major version number that it implements and a minor
        // version number higher than what it implements SHOULD process the message as if it was in the highest minor
        // version".
        return min(bytes[space + 8] - UInt8(ascii: "0"), 1)
    }

    static func spells(_ bytes: Span<UInt8>, _ text: StaticString, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard start + count <= bytes.count else { return false }
        for index in 0..<count where bytes[start + index] != text.utf8Start[index] { return false }
        return true
    }

    /// RFC 9112 3.2: the four forms of a request target.
    private mutating func readTarget(_ bytes: Span<UInt8>) throws(MessageRefusal) {
        let isConnect = method.count == 7 && Self.spells(bytes, "CONNECT", at: method.lowerBound)
        if isConnect { return try readAuthority(bytes) }
        guard let first = target.first else {
            throw .malformed("The request target is empty (RFC 9112 section 3.2).")
        }
        if bytes[first] == UInt8(ascii: "/") { return try readPath(bytes, from: first) }
        if target.count == 1, bytes[first] == UInt8(ascii: "*") { return try checkAsterisk(bytes) }
        try readAbsolute(bytes)
    }

    /// RFC 9112 3.2.3: authority-form = uri-host ":" port, and a client "MUST send only the host and port of the tunnel
    /// destination". It has no path.
    private mutating func readAuthority(_ bytes: Span<UInt8>) throws(MessageRefusal) {
        let written = bytes.extracting(target)
        guard Authority.isValid(written), Authority.hasPort(written) else {
            throw .malformed("The target of CONNECT is not a host and a port (RFC 9112 section 3.2.3).")
        }
        authority = target
        path = target.lowerBound..<target.lowerBound
    }

    private func checkAsterisk(_ bytes: Span<UInt8>) throws(MessageRefusal) {
        guard isOptions(bytes) else {
            throw .malformed("The request target * belongs to OPTIONS alone (RFC 9112 section 3.2.4).")
        }
    }

    private func isOptions(_ bytes: Span<UInt8>) -> Bool {
        method.count == 7 && Self.spells(bytes, "OPTIONS", at: method.lowerBound)
    }

    /// RFC 9112 3.2.2: absolute-form, of the http and https schemes only.
    ///
    /// RFC 9110 4.2.3: "When not being used as the target of an OPTIONS request, an empty path component is equivalent
    /// to an absolute path of '/'", which is what clients sign for it, too. All places lie in the head, which stays as
    /// it was sent: such a path is the slash before the host.
    private mutating func readAbsolute(_ bytes: Span<UInt8>) throws(MessageRefusal) {
        let scheme = Self.schemeCount(bytes.extracting(target))
        guard scheme > 0 else {
            throw .malformed(
                "The request target is neither a path nor an absolute http or https URI (RFC 9112 section 3.2).")
        }
        let start = target.lowerBound + scheme
        var end = start
        while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard Authority.isValid(bytes.extracting(start..<end)) else {
            throw .malformed("The host in the request target is not valid (RFC 9110 section 4.2).")
        }
        authority = start..<end
        try readPath(bytes, from: end)
        if path.isEmpty, !isOptions(bytes) { path = start - 1..<start }
    }

    private static func schemeCount(_ target: Span<UInt8>) -> Int {
        if target.count >= 7, ASCII.equals(target.extracting(0..<7), lowercase: "http://") { return 7 }
        if target.count >= 8, ASCII.equals(target.extracting(0..<8), lowercase: "https://") { return 8 }
        return 0
    }

    /// Splits path and query and checks every byte against RFC 3986. Escapes are checked in the path only: what a
    /// query means is for whoever reads it to say.
    private mutating func readPath(_ bytes: Span<UInt8>, from start: Int) throws(MessageRefusal) {
        let targetEnd = target.upperBound
        var end = start + CharacterClass.path.run(in: bytes, from: start, to: targetEnd)
        while end < targetEnd, bytes[end] == UInt8(ascii: "%") {
            guard Authority.isEscape(bytes.extracting(..<targetEnd), at: end) else {
                throw .malformed("The path holds a % that two hexadecimal digits do not follow (RFC 3986 section 2.1).")
            }
            end += 3
            end += CharacterClass.path.run(in: bytes, from: end, to: targetEnd)
        }
        path = start..<end
        guard end < targetEnd else { return }
        guard bytes[end] == UInt8(ascii: "?") else { throw Self.foreign(bytes[end]) }
        let queryEnd = end + 1 + CharacterClass.query.run(in: bytes, from: end + 1, to: targetEnd)
        guard queryEnd == targetEnd else { throw Self.foreign(bytes[queryEnd]) }
        query = end + 1..<queryEnd
    }

    private static func foreign(_ byte: UInt8) -> MessageRefusal {
        if byte == UInt8(ascii: "#") {
            return .malformed(
                "The request target has a fragment, which clients keep to themselves (RFC 9112 section 3.2).")
        }
        return .malformed(
            "The request target holds the byte 0x\(MessageRefusal.hex(byte)), which must be percent-encoded "
                + "(RFC 3986 section 2)."
        )
    }
}

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
