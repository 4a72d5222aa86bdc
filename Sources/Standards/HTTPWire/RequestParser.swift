import Bytes

// Rules.  RFC 9112, strictly: what the standard forbids is refused, never repaired. One event at a time; pipelined
//         requests come one by one.
// Theory. The bytes stay with the caller, also those of a part: `held` is his, and empty between requests. A request that
//         stands whole in the input is read in place, so that an idle connection keeps nothing; of one that does not,
//         `held` has the head until that is complete, and the content after it.
// Table.  idle ──▶ reading head ──▶ reading body ──▶ idle, or ended when the client asked to close
//         refused, from anywhere, for good

/// Requests out of bytes, for the server role.
package struct RequestParser {
    package enum Event: Equatable, Sendable {
        /// All bytes were taken, and the next event needs more.
        case needsMore
        /// The head is complete, and the client waits for `100 Continue` before it sends the body. May be ignored.
        case wantsContinue
        case request(Request)
        /// Answer with this status and close. Nothing is read after it.
        case refused(MessageRefusal)
    }

    /// What all requests of a server are read by.
    package struct Rules: Sendable {
        package var limits: Limits
        package var known: KnownFields
        /// What the connection is secured by.
        package var scheme: Scheme

        package init(limits: Limits, known: KnownFields = .none, scheme: Scheme = .http) {
            (self.limits, self.known, self.scheme) = (limits, known, scheme)
        }
    }

    private enum Stage: UInt8 {
        case idle
        /// The CR of an empty line before a request line was read.
        case readingEmptyLine
        case readingHead
        case readingBody
        case ended
        case refused
    }

    /// Most requests come whole, so most parsers never have one.
    private var part: Part?
    private var stage = Stage.idle
    private var sawEmptyLine = false

    package init() {}

    /// What is known of a request that has not come whole, or was refused.
    private final class Part {
        var section: SectionReader?
        var request: Request?
        var body: BodyReader?
        var refusal: MessageRefusal?
        /// Of a refused one whose head was not read whole.
        var beginsAsHead = false

        init(
            section: SectionReader? = nil, request: Request? = nil, body: BodyReader? = nil,
            refusal: MessageRefusal? = nil
        ) {
            (self.section, self.request, self.body, self.refusal) = (section, request, body, refusal)
        }
    }

    /// The part to go on with, which no copy of this parser shares.
    private mutating func ownPart() -> Part {
        if let part, isKnownUniquelyReferenced(&self.part) { return part }
        let own = Part(section: part?.section, request: part?.request, body: part?.body, refusal: part?.refusal)
        part = own
        return own
    }

    /// Reads on from `start`. Returns the event, and where the bytes that it did not take begin.
    package mutating func read(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8], _ rules: borrowing Rules
    ) -> (next: Int, event: Event) {
        if stage == .refused, let refusal = part?.refusal { return (start, .refused(refusal)) }
        guard start < bytes.count else { return (start, .needsMore) }
        switch stage {
        case .idle where bytes[start] == 0x16: return refuse(.handshake, at: start, held: &held)
        case .idle where bytes[start] == 0x0D:
            stage = .readingEmptyLine
            return read(bytes, from: start + 1, held: &held, rules)
        case .readingEmptyLine: return readEmptyLine(bytes, from: start, held: &held, rules)
        case .idle, .refused: return readHead(bytes, from: start, held: &held, rules)
        case .readingHead: return readOnHead(bytes, from: start, held: &held, rules)
        case .readingBody: return readBody(bytes, from: start, held: &held)
        case .ended: return (bytes.count, .needsMore)
        }
    }

    /// RFC 9112 2.2: "a server that is expecting to receive and parse a request-line SHOULD ignore at least one empty
    /// line (CRLF) received prior to the request-line". One.
    private mutating func readEmptyLine(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8], _ rules: borrowing Rules
    ) -> (next: Int, event: Event) {
        guard bytes[start] == 0x0A else {
            return refuse(.control(0x0D, at: "The request line"), at: start, held: &held)
        }
        guard !sawEmptyLine else {
            return refuse(
                .malformed("More than one empty line stands before the request (RFC 9112 section 2.2)."), at: start,
                held: &held)
        }
        sawEmptyLine = true
        stage = .idle
        return read(bytes, from: start + 1, held: &held, rules)
    }

    private mutating func readHead(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8], _ rules: borrowing Rules
    ) -> (next: Int, event: Event) {
        var section = SectionReader(.request, limits: rules.limits, known: rules.known)
        do throws(MessageRefusal) {
            guard let next = try section.read(bytes, from: start, held: &held) else {
                part = Part(section: section)
                stage = .readingHead
                return (bytes.count, .needsMore)
            }
            return readWhole(section, bytes, from: next, held: &held, rules)
        } catch {
            return refuse(error, at: start, held: &held, beginsAsHead: Self.beginsAsHead(bytes.extracting(start...)))
        }
    }

    private mutating func readOnHead(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8], _ rules: borrowing Rules
    ) -> (next: Int, event: Event) {
        let part = ownPart()
        do throws(MessageRefusal) {
            guard let next = try part.section?.read(bytes, from: start, held: &held), let section = part.section else {
                return (bytes.count, .needsMore)
            }
            return readWhole(section, bytes, from: next, held: &held, rules)
        } catch {
            return refuse(error, at: start, held: &held, beginsAsHead: Self.beginsAsHead(held.span))
        }
    }

    /// `held` is a whole head.
    private mutating func readWhole(
        _ section: SectionReader, _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8], _ rules: borrowing Rules
    ) -> (next: Int, event: Event) {
        guard case .request(let line) = section.startLine else {
            return refuse(.malformed("The request has no request line."), at: start, held: &held)
        }
        var head: [UInt8] = []
        swap(&head, &held)
        var request = Request(head: head, line, section, rules.scheme)
        let framing: Framing
        do throws(MessageRefusal) {
            let control = try ControlFields(request.fields, in: request.head.span)
            request.keepsAlive = control.keepsAlive(minorVersion: request.minorVersion)
            try request.checkHost(control)
            framing = try Framing(control, in: request.head.span, minorVersion: request.minorVersion)
            request.awaitsContinue = try request.expectsContinue(control)
        } catch {
            return refuse(error, at: start, held: &held, head: request)
        }
        // RFC 9112 6.3: a request with neither length nor chunks has no content.
        if framing == .unstated || framing == .length(0) { return complete(request, at: start) }
        // The usual way: the content stands whole in the input and is copied once.
        if case .length(let length) = framing, length <= min(bytes.count - start, rules.limits.body) {
            request.body = copied(bytes.extracting(start..<start + length))
            return complete(request, at: start + length)
        }
        return beginBody(of: request, framing, bytes, from: start, held: &held, rules)
    }

    private mutating func beginBody(
        of request: consuming Request, _ framing: Framing, _ bytes: Span<UInt8>, from start: Int,
        held: inout [UInt8], _ rules: borrowing Rules
    ) -> (next: Int, event: Event) {
        let sendsContinue = request.awaitsContinue && start == bytes.count
        if sendsContinue { request.awaitsContinue = false }
        do throws(MessageRefusal) {
            part = Part(body: try BodyReader(framing, limits: rules.limits))
        } catch {
            return refuse(error, at: start, held: &held, head: request)
        }
        part?.request = request
        stage = .readingBody
        if sendsContinue { return (start, .wantsContinue) }
        return readBody(bytes, from: start, held: &held)
    }

    private mutating func readBody(
        _ bytes: Span<UInt8>, from start: Int, held: inout [UInt8]
    ) -> (next: Int, event: Event) {
        let part = ownPart()
        let next: Int
        do throws(MessageRefusal) {
            next = try part.body?.read(bytes, from: start, into: &held) ?? bytes.count
        } catch {
            return refuse(error, at: start, held: &held, head: part.request)
        }
        guard part.body?.isComplete == true, var request = part.request else { return (next, .needsMore) }
        swap(&request.body, &held)
        return complete(request, at: next)
    }

    /// RFC 9112 9.6: after a request with "close" the server "MUST NOT process any further requests received on that
    /// connection".
    private mutating func complete(_ request: consuming Request, at next: Int) -> (next: Int, event: Event) {
        stage = request.keepsAlive ? .idle : .ended
        sawEmptyLine = false
        if part != nil { part = nil }
        return (next, .request(request))
    }

    private mutating func refuse(
        _ refusal: MessageRefusal, at start: Int, held: inout [UInt8], head: Request? = nil, beginsAsHead: Bool = false
    ) -> (next: Int, event: Event) {
        stage = .refused
        part = Part(request: head, refusal: refusal)
        part?.beginsAsHead = beginsAsHead
        held = []
        return (start, .refused(refusal))
    }

    private static func beginsAsHead(_ bytes: Span<UInt8>) -> Bool { RequestLine.spells(bytes, "HEAD ", at: 0) }
}

extension RequestParser {
    /// Nothing of a request was read: the idle time-out runs.
    package var isIdle: Bool { stage == .idle || stage == .readingEmptyLine }

    package var isReadingHead: Bool { stage == .readingHead }

    package var isReadingBody: Bool { stage == .readingBody }

    /// The request whose body is being read, or whose body or head fields were refused; its content is left out.
    package var head: Request? { part?.request }

    /// Whether HEAD was the method of what was refused: so much can be told of a head that could not be read whole.
    package var refusedHead: Bool { part?.request?.isMethod("HEAD") ?? part?.beginsAsHead ?? false }
}

extension Request {
    /// RFC 9112 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
    /// lacks a Host header field and to any request message that contains more than one Host header field line or a
    /// Host header field with an invalid field value."
    fileprivate func checkHost(_ control: ControlFields) throws(MessageRefusal) {
        guard let index = control.host else {
            if minorVersion == 0 { return }
            throw .malformed("The request has no Host field (RFC 9112 section 3.2).")
        }
        let host = head.span.extracting(fields[index].value)
        guard Authority.isValid(host) else {
            throw .malformed("The value of Host is not one host with an optional port (RFC 9110 section 7.2).")
        }
    }

    /// RFC 9110 10.1.1: 417 for an expectation that is not understood; "A server that receives a 100-continue
    /// expectation in an HTTP/1.0 request MUST ignore that expectation."
    fileprivate func expectsContinue(_ control: ControlFields) throws(MessageRefusal) -> Bool {
        guard let expectation = control.expectation, minorVersion >= 1 else { return false }
        guard ControlFields.isContinue(head.span.extracting(expectation)) else {
            throw MessageRefusal(status: 417, message: "The only expectation that this server meets is 100-continue.")
        }
        return true
    }
}
