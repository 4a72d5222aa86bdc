import Bytes
import Delivery

/// A reply, made ready: `constant` when every call gets the same, which then costs a call nothing. A class, so
/// that asking for it copies nothing.
final class CompiledReply: Sendable {
    private struct Header: Sendable {
        var name: String
        var value: Template
    }

    private let body: any ReadyBody
    private let headers: [Header]
    /// Everything but the body and the headers that have holes.
    private let frame: RenderedReply
    let constant: RenderedReply?

    init(_ reply: borrowing Reply, files: [String: [UInt8]]) throws(RuleMistake) {
        var headers: [Header] = []
        for line in reply.headers ?? [] { headers.append(Header(name: line.name, value: try Template(line.value))) }
        self.headers = headers
        let kind = reply.kind
        body = try kind.ready(files)
        let saysType = headers.contains { ASCII.equalsIgnoringCase($0.name.utf8, "content-type".utf8) }
        frame = RenderedReply(
            status: reply.status, contentType: saysType ? nil : reply.contentType ?? kind.contentType,
            delay: reply.delay?.nanoseconds ?? 0, body: .bytes([]))
        constant = Self.constant(body, headers, frame)
    }

    func rendered(_ situation: inout Situation, _ header: HeaderLookup) -> RenderedReply {
        var reply = frame
        for line in headers {
            reply.headers.append(HeaderLine(name: line.name, value: situation.text(line.value, header)))
        }
        reply.body = body.rendered(&situation, header, &reply.contentType)
        return reply
    }

    private static func constant(
        _ body: any ReadyBody, _ headers: [Header], _ frame: RenderedReply
    ) -> RenderedReply? {
        guard let constantBody = body.constantBody else { return nil }
        var reply = frame
        reply.body = constantBody
        for header in headers {
            guard let value = header.value.constant else { return nil }
            reply.headers.append(HeaderLine(name: header.name, value: value))
        }
        return reply
    }
}

/// A reply to one call, its templates filled in. What the protocol makes of an error is the emulator's business.
package struct RenderedReply: Equatable, Sendable {
    /// Most are bytes, and are handed on without room for anything else.
    package enum Body: Equatable, Sendable {
        case bytes([UInt8])
        /// The first frame is due `firstAfter` nanoseconds after the head.
        indirect case stream(FrameScript, firstAfter: Int64)
        /// What a WebSocket opening is answered with.
        indirect case conversation(CompiledConversation)
        /// A service error by its name; without a message, the service's own.
        indirect case serviceError(name: String, message: String?)
        /// The status that the agent itself answered with, and the time that it has to begin where that matters.
        indirect case agentError(status: Int, initialization: Duration? = nil)
    }

    /// Nil where the rule does not say: 200, or what belongs to the error.
    package var status: Int?
    /// Nil for an error, and where `headers` has it.
    package var contentType: String?
    package var headers: [HeaderLine]
    /// Nanoseconds before the head leaves.
    package var delay: Int64
    package var body: Body

    package init(
        status: Int? = nil, contentType: String? = nil, headers: [HeaderLine] = [], delay: Int64 = 0, body: Body
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.delay = delay
        self.body = body
    }
}

/// The body of a reply, made ready.
package protocol ReadyBody: Sendable {
    /// What every call gets, where that is the same.
    var constantBody: RenderedReply.Body? { get }
    /// What this call gets. The content type is that of the reply, which the body may know better.
    func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body
}

extension RenderedReply.Body: ReadyBody {
    package var constantBody: RenderedReply.Body? { self }

    package func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body { self }
}

enum ContentType {
    static let json = "application/json"
    static let eventStream = "text/event-stream"
    static let bytes = "application/octet-stream"
}
