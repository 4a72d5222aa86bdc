import Bytes

/// One request as it stood on the wire: the head's bytes once, everything else by its place in them.
package struct Request: Equatable, Sendable {
    /// The request line and the header section, without the empty line that ends it.
    package var head: [UInt8]
    package var fields: [FieldRange] { didSet { notes = RequestNotes(notes, fields) } }
    /// The content, with any chunked framing taken off.
    package var body: [UInt8]
    /// What all copies share, as a request is handed from stage to stage.
    private var notes: RequestNotes
    private var rarities: RequestRarities?
    /// RFC 9112 9.3: whether the connection may carry another request after this one.
    package var keepsAlive: Bool
    /// RFC 9110 10.1.1: the client expects 100 Continue, and was not sent it.
    package var awaitsContinue = false
    /// That of the connection: RFC 9112 3.3.
    package var scheme = Scheme.http

    package init(
        head: [UInt8], method: Range<Int>, target: Range<Int>, path: Range<Int>, query: Range<Int>?,
        minorVersion: UInt8, fields: [FieldRange], body: [UInt8] = [], bodyDigest: [UInt8]? = nil,
        keepsAlive: Bool = true
    ) {
        self.head = head
        self.fields = fields
        self.body = body
        self.keepsAlive = keepsAlive
        let line = RequestLine(method: method, target: target, path: path, query: query, minorVersion: minorVersion)
        notes = RequestNotes(line, nameLengths: RequestNotes.lengths(of: fields))
        if bodyDigest != nil { self.bodyDigest = bodyDigest }
    }

    /// As its head was read; its content comes after it.
    init(head: consuming [UInt8], _ line: RequestLine, _ section: borrowing SectionReader, _ scheme: Scheme) {
        self.head = head
        fields = section.fields
        notes = RequestNotes(
            line, nameLengths: section.nameLengths, section.knownPlaces, hasPlainLines: section.hasPlainLines)
        self.scheme = scheme
        body = []
        keepsAlive = true
    }

    package var method: Range<Int> { notes.line.method }
    /// The request target as sent, still encoded: `path` and, after a `?`, `query` lie inside it.
    package var target: Range<Int> { notes.line.target }
    package var path: Range<Int> { notes.line.path }
    package var query: Range<Int>? { notes.line.query }
    /// 0 or 1: HTTP/1.0 or HTTP/1.1.
    package var minorVersion: UInt8 { notes.line.minorVersion }
    /// Whether the head goes on behind its first line as `Name: value` and CRLF for each field, and nothing else.
    package var hasPlainLines: Bool { notes.hasPlainLines }

    /// SHA-256 of the content when it was hashed as it arrived (large bodies); nil otherwise.
    package var bodyDigest: [UInt8]? {
        get { rarities?.bodyDigest }
        set { rarities = RequestRarities(bodyDigest: newValue, aside: aside, proxyUser: proxyUser) }
    }
    /// What follows `body` of a content that is too large for memory.
    package var aside: ContentAside? {
        get { rarities?.aside }
        set { rarities = RequestRarities(bodyDigest: bodyDigest, aside: newValue, proxyUser: proxyUser) }
    }
    /// Who the client said it was to the proxy that this request came through; empty when there was none, or it did not
    /// say.
    package var proxyUser: [UInt8] {
        get { rarities?.proxyUser ?? [] }
        set { rarities = RequestRarities(bodyDigest: bodyDigest, aside: aside, proxyUser: newValue) }
    }

    /// RFC 9110 9.3.6: CONNECT.
    package var asksForTunnel: Bool { isMethod("CONNECT") }

    /// The host and port that a proxy is asked to go to: those of CONNECT and of an absolute-form target (RFC 9112 3.2).
    package var targetAuthority: ArraySlice<UInt8>? {
        guard let first = head[target].first, first != UInt8(ascii: "/"), first != UInt8(ascii: "*") else { return nil }
        if asksForTunnel { return head[target] }
        // The parser let nothing through but the two schemes.
        let scheme = head[target].prefix { $0 != UInt8(ascii: ":") }.count + 3
        return head[target].dropFirst(scheme).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    }

    /// No request at all.
    package static let none = Request(
        head: [], method: 0..<0, target: 0..<0, path: 0..<0, query: nil, minorVersion: 1, fields: [])

    /// The same request, whoever noted where its fields are.
    package static func == (left: Request, right: Request) -> Bool {
        left.head == right.head && left.method == right.method && left.target == right.target
            && left.path == right.path && left.query == right.query && left.minorVersion == right.minorVersion
            && left.fields == right.fields && left.body == right.body && left.bodyDigest == right.bodyDigest
            && left.keepsAlive == right.keepsAlive && left.scheme == right.scheme
    }

    /// The place of the first field of this name, or nil: found while the head was read, where its list was known then.
    package func place(of field: KnownField) -> Range<Int>? {
        guard notes.knownPlaces.knows(field.number) else { return place(of: field.name) }
        return notes.knownPlaces[field.number].map { fields[$0].value }
    }

    /// A bit for each of the first 64 fields whose name is a known one, but for these names: where it stands first.
    package func placesOfKnown(but others: [Int]) -> UInt64 {
        var places = notes.knownPlaces.noted
        for number in others {
            if let index = notes.knownPlaces[number] { places &= ~(1 << UInt64(index)) }
        }
        return places
    }

    package func value(of field: KnownField) -> ArraySlice<UInt8>? { place(of: field).map { head[$0] } }

    package func text(of field: KnownField) -> String? { value(of: field).map { String(lossy: $0) } }

    /// The place of the first field of this name (given in lower case), or nil.
    package func place(of name: StaticString) -> Range<Int>? {
        let length = name.utf8CodeUnitCount
        guard notes.nameLengths & RequestNotes.bit(ofLength: length) != 0 else { return nil }
        let bytes = head.span
        for field in fields where field.name.count == length {
            if ASCII.equals(bytes.extracting(field.name), lowercase: name) { return field.value }
        }
        return nil
    }

    /// The value of the first field of this name (given in lower case), or nil.
    package func value(of name: StaticString) -> ArraySlice<UInt8>? {
        place(of: name).map { head[$0] }
    }

    /// The same for a name that is known only at run time.
    package func value(of name: [UInt8]) -> ArraySlice<UInt8>? {
        fields.value(of: name, in: head)
    }

    package func text(of name: StaticString) -> String? {
        value(of: name).map { String(lossy: $0) }
    }

    /// Every value of the fields of this name, in order.
    package func values(of name: StaticString) -> [ArraySlice<UInt8>] {
        let bytes = head.span
        return fields.filter { ASCII.equals(bytes.extracting($0.name), lowercase: name) }.map { head[$0.value] }
    }

    package var methodText: String { String(lossy: head[method]) }
    package var pathText: String { String(lossy: head[path]) }
    package var targetText: String { String(lossy: head[target]) }

    /// Where the client found the server, as a URL: what documents that name the server are to say.
    package var base: String { scheme.prefix + (host.map { String(lossy: $0) } ?? "127.0.0.1") }

    /// The host, and a port if there is one, that the client asked. RFC 9112 3.2.2: "When an origin server receives a
    /// request with an absolute-form of request-target, the origin server MUST ignore the received Host header field (if
    /// any) and instead use the host information of the request-target." What was signed is the field all the same.
    package var host: ArraySlice<UInt8>? { targetAuthority ?? value(of: "host") }

    package func isMethod(_ name: StaticString) -> Bool {
        guard method.count == name.utf8CodeUnitCount else { return false }
        let bytes = head.span.extracting(method)
        for index in 0..<bytes.count where bytes[index] != name.utf8Start[index] { return false }
        return true
    }
}

extension [FieldRange] {
    /// The value of the first field of this name, whatever its case.
    package func value(of name: [UInt8], in head: [UInt8]) -> ArraySlice<UInt8>? {
        for field in self where field.name.count == name.count {
            if ASCII.equalsIgnoringCase(head[field.name], name) { return head[field.value] }
        }
        return nil
    }
}

/// The rest of a large content, which lies outside of memory. It follows what a request has in its body.
package final class ContentAside: Sendable {
    package let count: Int
    private let readAt: @Sendable (_ offset: Int, _ most: Int) -> [UInt8]?

    package init(count: Int, read: @escaping @Sendable (_ offset: Int, _ most: Int) -> [UInt8]?) {
        (self.count, readAt) = (count, read)
    }

    /// Up to so many bytes from this place on; nil when they cannot be read.
    package func read(at offset: Int, most: Int) -> [UInt8]? { readAt(offset, min(most, count - offset)) }
}

extension ContentAside: Equatable {
    package static func == (left: ContentAside, right: ContentAside) -> Bool { left === right }
}
