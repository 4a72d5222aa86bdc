import Bytes

/// Requests out of bytes, for the server role: RFC 9112, strictly. What the standard forbids is refused, never repaired.
///
/// The bytes stay with the caller. A request that stands whole in them is read in place; only a part of one is kept
/// here, so that an idle connection keeps nothing. One event at a time; pipelined requests come one by one:
///
///     idle ──▶ reading head ──▶ reading body ──▶ idle, or ended when the client asked to close
///     refused, from anywhere, for good
package struct RequestParser: Sendable {
    package enum Event: Equatable, Sendable {
        /// All bytes were taken, and the next event needs more.
        case needsMore
        /// The head is complete, and the client waits for `100 Continue` before it sends the body. May be ignored.
        case wantsContinue
        case request(Request)
        /// Answer with this status and close. Nothing is read after it.
        case refused(Refusal)
    }

    private indirect enum State {
        case idle
        /// The CR of an empty line before a request line was read.
        case readingEmptyLine
        case readingHead(SectionReader)
        case readingBody(Request, BodyReader)
        case ended
        case refused(Refusal, Request?)
    }

    private let limits: Limits
    private var state = State.idle
    /// What has arrived of the body being read; empty otherwise.
    private var content: [UInt8] = []
    private var sawEmptyLine = false

    package init(limits: Limits) { self.limits = limits }

    /// Reads on from `start`. Returns the event, and where the bytes that it did not take begin.
    package mutating func read(_ bytes: Span<UInt8>, from start: Int) -> (next: Int, event: Event) {
        if case .refused(let refusal, _) = state { return (start, .refused(refusal)) }
        guard start < bytes.count else { return (start, .needsMore) }
        switch state {
        case .idle where bytes[start] == 0x0D:
            state = .readingEmptyLine
            return read(bytes, from: start + 1)
        case .readingEmptyLine: return readEmptyLine(bytes, from: start)
        case .idle, .refused: return readHead(SectionReader(.request, limits: limits), bytes, from: start)
        case .readingHead(let section):
            state = .idle
            return readHead(consume section, bytes, from: start)
        case .readingBody(let request, let body):
            state = .idle
            return readBody(of: consume request, consume body, bytes, from: start)
        case .ended: return (bytes.count, .needsMore)
        }
    }

    /// The same, for a server that remembers what heads came last.
    package mutating func read(
        _ bytes: Span<UInt8>, from start: Int, _ latest: inout LatestHeads
    ) -> (next: Int, event: Event) {
        guard case .idle = state else { return read(bytes, from: start) }
        if let (request, next) = latest.request(in: bytes, from: start) { return complete(request, at: next) }
        let (next, event) = read(bytes, from: start)
        if case .request(let request) = event { latest.note(request, in: bytes, from: start, to: next) }
        return (next, event)
    }

    /// RFC 9112 2.2: "a server that is expecting to receive and parse a request-line SHOULD ignore at least one empty
    /// line (CRLF) received prior to the request-line". One.
    private mutating func readEmptyLine(_ bytes: Span<UInt8>, from start: Int) -> (next: Int, event: Event) {
        guard bytes[start] == 0x0A else { return refuse(.control(0x0D, at: "The request line"), at: start) }
        guard !sawEmptyLine else {
            return refuse(
                .malformed("More than one empty line stands before the request (RFC 9112 section 2.2)."), at: start)
        }
        sawEmptyLine = true
        state = .idle
        return read(bytes, from: start + 1)
    }

    private mutating func readHead(
        _ unread: consuming SectionReader, _ bytes: Span<UInt8>, from start: Int
    ) -> (next: Int, event: Event) {
        var section = unread
        do throws(Refusal) {
            guard let next = try section.read(bytes, from: start) else {
                state = .readingHead(section)
                return (bytes.count, .needsMore)
            }
            guard case .request(let line) = section.startLine else {
                throw .malformed("The request has no request line.")
            }
            return beginBody(of: Request(section, line), line, bytes, from: next)
        } catch {
            return refuse(error, at: start)
        }
    }

    private mutating func beginBody(
        of request: consuming Request, _ line: RequestLine, _ bytes: Span<UInt8>, from start: Int
    ) -> (next: Int, event: Event) {
        let framing: Framing
        let expectsContinue: Bool
        do throws(Refusal) {
            let control = try ControlFields(request.fields, in: request.head.span)
            request.keepsAlive = control.keepsAlive(minorVersion: request.minorVersion)
            try request.checkHost(control, authority: line.authority)
            framing = try Framing(control, in: request.head.span, minorVersion: request.minorVersion)
            expectsContinue = try request.expectsContinue(control)
            // RFC 9112 6.3: a request with neither length nor chunks has no content.
            if framing == .unstated || framing == .length(0) { return complete(request, at: start) }
            // The usual way: the content stands whole in the input and is copied once.
            if case .length(let length) = framing, length <= min(bytes.count - start, limits.body) {
                request.body = copied(bytes.extracting(start..<start + length))
                return complete(request, at: start + length)
            }
            let body = try BodyReader(framing, limits: limits)
            guard expectsContinue, start == bytes.count else { return readBody(of: request, body, bytes, from: start) }
            state = .readingBody(request, body)
            return (start, .wantsContinue)
        } catch {
            return refuse(error, at: start, head: request)
        }
    }

    private mutating func readBody(
        of request: consuming Request, _ unread: consuming BodyReader, _ bytes: Span<UInt8>, from start: Int
    ) -> (next: Int, event: Event) {
        var body = unread
        let next: Int
        do throws(Refusal) {
            next = try body.read(bytes, from: start, into: &content)
        } catch {
            return refuse(error, at: start, head: request)
        }
        guard body.isComplete else {
            state = .readingBody(request, body)
            return (next, .needsMore)
        }
        swap(&request.body, &content)
        return complete(request, at: next)
    }

    /// RFC 9112 9.6: after a request with "close" the server "MUST NOT process any further requests received on that
    /// connection".
    private mutating func complete(_ request: consuming Request, at next: Int) -> (next: Int, event: Event) {
        state = request.keepsAlive ? .idle : .ended
        sawEmptyLine = false
        return (next, .request(request))
    }

    private mutating func refuse(
        _ refusal: Refusal, at start: Int, head: Request? = nil
    ) -> (next: Int, event: Event) {
        state = .refused(refusal, head)
        content = []
        return (start, .refused(refusal))
    }
}

extension RequestParser {
    /// Nothing of a request was read: the idle time-out runs.
    package var isIdle: Bool {
        switch state {
        case .idle, .readingEmptyLine: true
        default: false
        }
    }

    package var isReadingHead: Bool {
        if case .readingHead = state { return true }
        return false
    }

    package var isReadingBody: Bool {
        if case .readingBody = state { return true }
        return false
    }

    /// The request whose body is being read, or whose body or head fields were refused; its content is left out.
    package var head: Request? {
        switch state {
        case .readingBody(let request, _): request
        case .refused(_, let request): request
        default: nil
        }
    }

    /// How much of the content of the request being read has arrived.
    package var bodyCount: Int { content.count }

    /// Lends the content that has arrived from `start` on, to hash it on its way.
    package func withBody<Result>(from start: Int, _ use: (Span<UInt8>) -> Result) -> Result? {
        guard start >= 0, start <= content.count else { return nil }
        return use(content.span.extracting(start...))
    }
}

extension Request {
    fileprivate init(_ section: consuming SectionReader, _ line: RequestLine) {
        self.init(
            head: section.bytes, method: line.method, target: line.target, path: line.path, query: line.query,
            minorVersion: line.minorVersion, fields: section.fields)
    }

    /// RFC 9112 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
    /// lacks a Host header field and to any request message that contains more than one Host header field line or a
    /// Host header field with an invalid field value."
    fileprivate func checkHost(_ control: ControlFields, authority: Range<Int>?) throws(Refusal) {
        guard let index = control.host else {
            if minorVersion == 0 { return }
            throw .malformed("The request has no Host field (RFC 9112 section 3.2).")
        }
        let host = head.span.extracting(fields[index].value)
        guard Authority.isValid(host) else {
            throw .malformed("The value of Host is not one host with an optional port (RFC 9110 section 7.2).")
        }
        // 3.2.2 lets the target win over a Host that differs. Two hosts in one request are two readings: refused.
        if let authority, !Authority.equal(head.span.extracting(authority), host) {
            throw .malformed("The request target and the Host field name two hosts (RFC 9112 section 3.2).")
        }
    }

    /// RFC 9110 10.1.1: 417 for an expectation that is not understood; "A server that receives a 100-continue
    /// expectation in an HTTP/1.0 request MUST ignore that expectation."
    fileprivate func expectsContinue(_ control: ControlFields) throws(Refusal) -> Bool {
        guard let expectation = control.expectation, minorVersion >= 1 else { return false }
        guard ControlFields.isContinue(head.span.extracting(expectation)) else {
            throw Refusal(status: 417, message: "The only expectation that this server meets is 100-continue.")
        }
        return true
    }
}
