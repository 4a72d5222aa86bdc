import Bytes

/// One answer as it stood on the wire: the head's bytes once, its fields by their places in them.
package struct Response: Equatable, Sendable {
    package var status: Int
    package var minorVersion: UInt8
    /// The status line and the header section, without the empty line that ends it.
    package var head: [UInt8]
    package var fields: [FieldRange]
    /// The content, with any chunked framing taken off.
    package var body: [UInt8]
    package var keepsAlive: Bool

    package init(
        status: Int, minorVersion: UInt8, head: [UInt8], fields: [FieldRange], body: [UInt8] = [], keepsAlive: Bool
    ) {
        self.status = status
        self.minorVersion = minorVersion
        self.head = head
        self.fields = fields
        self.body = body
        self.keepsAlive = keepsAlive
    }

    /// The value of the first field of this name (given in lower case), or nil.
    package func text(of name: StaticString) -> String? { place(of: name).map { String(lossy: head[$0]) } }

    /// Where in the head that value stands.
    package func place(of name: StaticString) -> Range<Int>? {
        let bytes = head.span
        for field in fields where ASCII.equals(bytes.extracting(field.name), lowercase: name) { return field.value }
        return nil
    }

    /// Every value of the fields of this name, in order.
    package func values(of name: StaticString) -> [ArraySlice<UInt8>] {
        let bytes = head.span
        return fields.filter { ASCII.equals(bytes.extracting($0.name), lowercase: name) }.map { head[$0.value] }
    }
}

/// Answers out of bytes, for the client role. As strict as the server's parser: an answer that can be read in two ways
/// is refused. Interim answers (1xx) are read and dropped. The bytes stay with the caller, as with the server's parser.
package struct ResponseParser {
    package enum Event: Equatable, Sendable {
        case needsMore
        case response(Response)
        case refused(MessageRefusal)
    }

    private enum Stage: UInt8 { case readingHead, readingBody, refused }

    private let limits: Limits
    /// RFC 9112 6.3: an answer to HEAD ends with its head, whatever it says about its content.
    private let isAnsweringHead: Bool
    /// The request asked for another protocol: 101 ends what is HTTP.
    private let maySwitch: Bool
    private var stage = Stage.readingHead
    private var section: SectionReader
    /// The answer whose body is being read, also when what follows in it is refused; its content is left out.
    package private(set) var head: Response?
    private var body: BodyReader?
    private var refusal: MessageRefusal?

    package init(answeringHead: Bool = false, maySwitch: Bool = false, limits: Limits) {
        isAnsweringHead = answeringHead
        self.maySwitch = maySwitch
        self.limits = limits
        section = SectionReader(.response, limits: limits)
    }

    /// Reads on from `start`. Returns the event, and where the bytes that it did not take begin. While a body is read,
    /// `held` is what has arrived of it: whoever takes that out has a stream without an end and holds nothing. What came
    /// of a body before the refused byte stays there too: it does not depend on how the bytes were cut.
    package mutating func read(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8]
    ) -> (next: Int, event: Event) {
        if let refusal { return (start, .refused(refusal)) }
        guard start < bytes.count else { return (start, .needsMore) }
        do throws(MessageRefusal) {
            return stage == .readingBody
                ? try readBody(bytes, from: start, held: &held) : try readHead(bytes, from: start, held: &held)
        } catch {
            refuse(error, held: &held)
            return (start, .refused(error))
        }
    }

    /// The server closed. RFC 9112 section 8: what ends so is complete only when nothing else said where it would end.
    package mutating func readEnd(held: inout [UInt8]) -> Event {
        if let refusal { return .refused(refusal) }
        if stage == .readingBody, body?.endsWithConnection == true, let response = complete(held: &held) {
            return .response(response)
        }
        let refusal = MessageRefusal.malformed("The server closed the connection before its answer was complete.")
        refuse(refusal, held: &held)
        return .refused(refusal)
    }

    private mutating func readHead(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8]
    ) throws(MessageRefusal) -> (next: Int, event: Event) {
        var next = start
        while let end = try section.read(bytes, from: next, held: &held),
            case .status(let line) = section.startLine
        {
            next = end
            guard line.status != 101 || maySwitch else {
                throw .malformed("The server switched protocols, which nobody asked for (RFC 9110 section 15.2.2).")
            }
            if line.status >= 200 || line.status == 101 { return try beginBody(line, bytes, from: next, held: &held) }
            held = []
            section = SectionReader(.response, limits: limits)
        }
        return (bytes.count, .needsMore)
    }

    /// `held` is a whole head.
    private mutating func beginBody(
        _ line: StatusLine, _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8]
    ) throws(MessageRefusal) -> (next: Int, event: Event) {
        let control = try ControlFields(section.fields, in: held.span)
        let framing = try Framing(control, in: held.span, minorVersion: line.minorVersion)
        let hasNoContent =
            isAnsweringHead || line.status < 200 || line.status == 204 || line.status == 304 || framing == .length(0)
        var response = Response(
            status: line.status, minorVersion: line.minorVersion, head: [], fields: section.fields,
            keepsAlive: control.keepsAlive(minorVersion: line.minorVersion) && (hasNoContent || framing != .unstated))
        swap(&response.head, &held)
        section = SectionReader(.response, limits: limits)
        if hasNoContent { return (start, .response(response)) }
        body = try BodyReader(framing, limits: limits)
        head = response
        stage = .readingBody
        return try readBody(bytes, from: start, held: &held)
    }

    private mutating func readBody(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8]
    ) throws(MessageRefusal) -> (next: Int, event: Event) {
        let next = try body?.read(bytes, from: start, into: &held) ?? bytes.count
        guard body?.isComplete == true, let response = complete(held: &held) else { return (next, .needsMore) }
        return (next, .response(response))
    }

    /// The whole answer; the next one begins.
    private mutating func complete(held: inout [UInt8]) -> Response? {
        guard var response = head else { return nil }
        swap(&response.body, &held)
        (head, body, stage) = (nil, nil, .readingHead)
        return response
    }

    private mutating func refuse(_ refusal: MessageRefusal, held: inout [UInt8]) {
        if stage != .readingBody { held = [] }
        (self.refusal, stage) = (refusal, .refused)
    }
}

/// RFC 9112 section 4: status-line = HTTP-version SP status-code SP [ reason-phrase ].
struct StatusLine: Equatable {
    var minorVersion: UInt8
    var status: Int

    /// The space after the code may be missing when the phrase is: servers leave it out, and it says nothing.
    init(_ bytes: Span<UInt8>, line: Range<Int>) throws(MessageRefusal) {
        let start = line.lowerBound
        guard line.count >= 12, RequestLine.spells(bytes, "HTTP/1.", at: start), ASCII.isDigit(bytes[start + 7]),
            bytes[start + 8] == UInt8(ascii: " "), line.count == 12 || bytes[start + 12] == UInt8(ascii: " ")
        else {
            throw .malformed("The status line is not an HTTP/1 version and a status code (RFC 9112 section 4).")
        }
        guard bytes[start + 7] <= UInt8(ascii: "1") else {
            throw MessageRefusal(status: 505, message: "The server answered in a version above HTTP/1.1.")
        }
        var status = 0
        for index in start + 9..<start + 12 {
            guard ASCII.isDigit(bytes[index]) else {
                throw .malformed("The status code is not three digits (RFC 9112 section 4).")
            }
            status = status * 10 + Int(bytes[index] - 0x30)
        }
        // A recording keeps none beyond either.
        guard (100...599).contains(status) else {
            throw .malformed("The status code is none of 100 to 599 (RFC 9110 section 15).")
        }
        minorVersion = bytes[start + 7] - 0x30
        self.status = status
    }
}
