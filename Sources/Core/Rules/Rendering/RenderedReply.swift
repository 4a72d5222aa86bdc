import Delivery

/// A reply to one call, its templates filled in. What the protocol makes of an error is the emulator's business.
package struct RenderedReply: Equatable, Sendable {
    package enum Body: Equatable, Sendable {
        case bytes([UInt8])
        /// The first frame is due `firstAfter` nanoseconds after the head.
        case stream(FrameScript, firstAfter: Int64)
        /// What a WebSocket opening is answered with.
        case conversation(CompiledConversation)
        /// A service error by its name; without a message, the service's own.
        case serviceError(name: String, message: String?)
        /// The status that the agent itself answered with, and the time that it has to begin where that matters.
        case agentError(status: Int, initialization: Duration? = nil)
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
