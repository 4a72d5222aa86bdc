import Bytes

/// Answers out of bytes, for the client role. As strict as the server's parser: an answer that can be read in two ways
/// is refused. Interim answers (1xx) are read and dropped.
package struct ResponseParser: Sendable {
    package enum Event: Equatable, Sendable {
        case needsMore
        case response(Response)
        case refused(Refusal)
    }

    private indirect enum State {
        case idle
        case readingHead(SectionReader)
        case readingBody(Response, BodyReader)
        case refused(Refusal)
    }

    private let limits: Limits
    /// RFC 9112 6.3: an answer to HEAD ends with its head, whatever it says about its content.
    private let isAnsweringHead: Bool
    private var state = State.idle
    /// What has arrived of the body being read; empty otherwise.
    private var content: [UInt8] = []

    package init(answeringHead: Bool = false, limits: Limits) {
        isAnsweringHead = answeringHead
        self.limits = limits
    }

    /// Reads on from `start`. Returns the event, and where the bytes that it did not take begin.
    package mutating func read(_ bytes: Span<UInt8>, from start: Int) -> (next: Int, event: Event) {
        if case .refused(let refusal) = state { return (start, .refused(refusal)) }
        guard start < bytes.count else { return (start, .needsMore) }
        do throws(Refusal) {
            switch state {
            case .readingHead(let section):
                state = .idle
                return try readHead(consume section, bytes, from: start)
            case .readingBody(let response, let body):
                state = .idle
                return try readBody(of: consume response, consume body, bytes, from: start)
            case .idle, .refused: return try readHead(SectionReader(.response, limits: limits), bytes, from: start)
            }
        } catch {
            state = .refused(error)
            content = []
            return (start, .refused(error))
        }
    }

    /// The server closed. RFC 9112 section 8: what ends so is complete only when nothing else said where it would end.
    package mutating func readEnd() -> Event {
        switch state {
        case .readingBody(var response, let body) where body.endsWithConnection:
            swap(&response.body, &content)
            state = .idle
            return .response(response)
        case .refused(let refusal): return .refused(refusal)
        default:
            let refusal = Refusal.malformed("The server closed the connection before its answer was complete.")
            state = .refused(refusal)
            return .refused(refusal)
        }
    }

    private mutating func readHead(
        _ unread: consuming SectionReader, _ bytes: Span<UInt8>, from start: Int
    ) throws(Refusal) -> (next: Int, event: Event) {
        var section = unread
        var next = start
        while let end = try section.read(bytes, from: next), case .status(let line) = section.startLine {
            next = end
            guard line.status != 101 else {
                throw .malformed("The server switched protocols, which nobody asked for (RFC 9110 section 15.2.2).")
            }
            if line.status >= 200 { return try beginBody(section, line, bytes, from: next) }
            section = SectionReader(.response, limits: limits)
        }
        state = .readingHead(section)
        return (bytes.count, .needsMore)
    }

    private mutating func beginBody(
        _ section: SectionReader, _ line: StatusLine, _ bytes: Span<UInt8>, from start: Int
    ) throws(Refusal) -> (next: Int, event: Event) {
        let control = try ControlFields(section.fields, in: section.bytes.span)
        let framing = try Framing(control, in: section.bytes.span, minorVersion: line.minorVersion)
        let hasNoContent = isAnsweringHead || line.status == 204 || line.status == 304 || framing == .length(0)
        let response = Response(
            status: line.status, minorVersion: line.minorVersion, head: section.bytes, fields: section.fields,
            keepsAlive: control.keepsAlive(minorVersion: line.minorVersion) && (hasNoContent || framing != .unstated))
        if hasNoContent { return (start, .response(response)) }
        return try readBody(of: response, BodyReader(framing, limits: limits), bytes, from: start)
    }

    private mutating func readBody(
        of response: consuming Response, _ unread: consuming BodyReader, _ bytes: Span<UInt8>, from start: Int
    ) throws(Refusal) -> (next: Int, event: Event) {
        var body = unread
        let next = try body.read(bytes, from: start, into: &content)
        guard body.isComplete else {
            state = .readingBody(response, body)
            return (next, .needsMore)
        }
        var whole = response
        swap(&whole.body, &content)
        return (next, .response(whole))
    }
}

extension ResponseParser {
    /// The answer whose body is being read; its content is left out.
    package var head: Response? {
        if case .readingBody(let response, _) = state { return response }
        return nil
    }

    /// Takes out the content of the answer being read that has arrived so far: of a stream without an end, nothing has
    /// to be held. The answer itself will have what comes after it.
    package mutating func takeBody() -> [UInt8] {
        defer { content = [] }
        return content
    }
}
