import Bytes
import Delivery
import Forwarding
import HTTPWire
import Journal
import Runtime
import Time
import WebSocketWire

// Rules.  A call that is passed on has its entry before the other side is asked, and the answer is told of when it comes.

/// A call that is passed on: what is asked of whom, and what becomes of the answer on its way back.
package final class ForwardedCall: FlowingCall {
    package let request: PassedRequest
    /// Of a call that opens a conversation: what the caller asked for, and what the other side is asked for.
    private let opening: (asked: OpeningRequest, offer: OpeningOffer)?

    init(_ call: OpenCall, _ request: PassedRequest) {
        opening = Self.opening(of: call, to: request.destination)
        for line in opening?.offer.lines ?? [] { request.fields.add(name: line.name.description, value: line.value) }
        self.request = request
        super.init(call)
        open.entry.upstream = UpstreamRecord(url: request.destination.text)
    }

    /// Whether recordings have it.
    package var isRecorded: Bool { !open.isNobodysRecording }

    /// How long the other side may take to begin, where the agent's entry says it.
    package var patience: Int64? { open.agent?.settings.limits?.request?.nanoseconds }

    /// How long an agent that does not come up is waited for.
    package var initialization: Duration { open.agent?.settings.session?.initialization ?? .seconds(10) }

    /// "To front a local agent: […] poll `/ping`": before a session's first call. An MCP server has none.
    package var asksForHealth: Bool {
        request.destination.kind == .agent && open.session?.calls == 1 && open.protocol != .mcp
    }

    /// When a step is due that comes so long after the call arrived, before the benders have had it.
    package func stamp(_ elapsed: Int64) -> Int64 {
        let scaled = speed == 1 ? elapsed : elapsed.multiplied(by: speed)
        return scaled.later(by: open.provisioned)
    }

    // MARK: Conversations

    /// Each side has a key of its own; an agent is not shown what browsers say in place of a header field.
    private static func opening(
        of call: OpenCall, to destination: Destination
    ) -> (asked: OpeningRequest, offer: OpeningOffer)? {
        guard call.entry.operation == Operation.invokeAgentRuntimeWithWebSocketStream.name,
            case .success(let asked) = Opening.read(call.request)
        else { return nil }
        let protocols = asked.protocols.filter {
            destination.kind == .service || !$0.hasPrefix(BrowserToken.word)
        }
        return (asked, OpeningOffer(protocols: protocols, chance: &call.chance))
    }

    package var opensConversation: Bool { opening != nil }

    /// The other side has opened it: the conversation, whose words come from `far`; or why it is none.
    package func opened(_ head: Response, _ far: FarEnd) -> Result<Conversation, ClientExchange.Failure> {
        guard let opening else { return .failure(.init(.unreadable, "nobody asked for another protocol")) }
        open.entry.upstream?.status = head.status
        do throws(OpeningOffer.Refusal) {
            let chosen = try opening.offer.check(status: head.status) { head.values(of: $0) }
            var response = ServiceResponse(status: 101, fields: FieldBlock(), content: .conversation(.other(far)))
            response.open(
                opening.asked, choosing: chosen ?? opening.asked.protocols.first { $0 == BrowserToken.word })
            return .success(SettleStage.conversation(open, response, .other(far)))
        } catch {
            return .failure(.init(.unreadable, "its answer does not open a WebSocket (RFC 6455 4.1): \(error)"))
        }
    }

    // MARK: The answer

    package enum Reception {
        case passes(ResponseHead, isStream: Bool)
        /// Its content has to be known whole before any of it leaves.
        case held(ResponseHead)
        /// The caller is told something else, and the rest of what came is thrown away.
        case replaced([Step])
    }

    /// A head has come.
    package func received(_ response: Response) -> Reception {
        open.entry.upstream?.status = response.status
        if request.destination.kind == .agent, response.status >= 400 {
            return .replaced(steps(open.errorAnswer(.runtimeClient, AgentFailure.message(status: response.status))))
        }
        var fields = PassedFields.ofAnswer(response)
        addServiceFields(to: &fields)
        let head = ResponseHead(status: response.status, fields: fields, length: response.contentLength)
        // An error that tells how a signature was checked repeats what was signed, the real session token included.
        if response.status >= 400, !request.secrets.isEmpty { return .held(head) }
        return .passes(head, isStream: response.isEventStream)
    }

    /// What was held back, without the secrets in it.
    package func released(_ head: ResponseHead, _ content: [UInt8]) -> [Step] {
        let clean = Secrets.hide(request.secrets, in: content)
        return [
            .head(ResponseHead(status: head.status, fields: head.fields, length: .known(clean.count))), .body(clean),
            .end,
        ]
    }

    /// The service adds its own; in front of an agent they are added here.
    private func addServiceFields(to fields: inout FieldBlock) {
        guard request.destination.kind == .agent else {
            if open.sessionKey != nil, let session = open.entry.session, open.protocol != .mcp,
                !fields.has("x-amzn-bedrock-agentcore-runtime-session-id")
            {
                fields.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session)
            }
            fields.add("X-Understudy-Call", decimal: open.entry.number)
            return CrossOrigin.add(to: &fields, for: open.request)
        }
        // What the agent says of these is not what its caller is told.
        for name in [
            "x-amzn-RequestId", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "X-Amzn-Trace-Id", "Mcp-Session-Id",
        ]
        where fields.value(of: name) != nil { fields.remove(name) }
        ServiceFields.add(to: &fields, for: open)
    }

    /// Nothing of an answer has come, and nothing will.
    package func failed(_ failure: ClientExchange.Failure) -> [Step] {
        open.entry.upstream?.error = failure.reason
        return request.destination.kind == .agent ? agentFailed(failure) : serviceFailed(failure)
    }

    private func serviceFailed(_ failure: ClientExchange.Failure) -> [Step] {
        let url = request.destination.text
        switch failure.kind {
        case .unreachable:
            return steps(open.errorAnswer(.serviceUnavailable, "\(url) cannot be reached: \(failure.reason)"))
        case .timedOut, .unsecured: return steps(open.errorAnswer(.gatewayTimeout, "\(url): \(failure.reason)"))
        case .unreadable:
            return steps(
                ErrorAnswer(status: 502, errorType: nil, message: "\(url) does not answer in HTTP: \(failure.reason)"))
        // The caller sees what was seen here.
        case .cut, .unhealthy: return [.close]
        case .reset: return [.reset]
        }
    }

    /// What the platform says of an agent that fails (wire reference 2.3).
    private func agentFailed(_ failure: ClientExchange.Failure) -> [Step] {
        switch failure.kind {
        case .unreachable, .unsecured:
            return steps(open.errorAnswer(.runtimeClient, AgentFailure.message(initialization: initialization)))
        case .unhealthy:
            return steps(open.errorAnswer(.runtimeClient, "Runtime health check failed or timed out"))
        case .timedOut: return steps(open.errorAnswer(.gatewayTimeout))
        case .cut, .reset, .unreadable:
            return steps(open.errorAnswer(.runtimeClient, AgentFailure.message(status: 502)))
        }
    }

    private func steps(_ error: ErrorAnswer) -> [Step] {
        var response = ServiceResponse(error)
        ServiceFields.add(to: &response.fields, for: open)
        return response.script(seed: 0).steps
    }
}

extension Response {
    /// As its fields say: an answer that ends with its connection, or in chunks, has no length.
    fileprivate var isEventStream: Bool {
        guard let place = place(of: "content-type") else { return false }
        let name: StaticString = "text/event-stream"
        return ASCII.equals(head.span.extracting(place).extracting(first: name.utf8CodeUnitCount), lowercase: name)
    }
}

/// The other side of a conversation that is passed on, as the conversation sees it. Whoever holds its connection sets what is
/// done.
package final class FarEnd: @unchecked Sendable {
    /// Bytes that wait for the client before the other side is no longer read.
    package static let mostWaiting = 1 << 20

    package var passes: ([UInt8], _ isBinary: Bool) -> Void = { _, _ in }
    package var closes: (_ code: UInt16?, _ reason: String) -> Void = { _, _ in }
    /// There is room for more of what it says.
    package var reads: () -> Void = {}
    /// Bytes that the other side has not taken yet.
    package var unsent: () -> Int = { 0 }
    private var isClosed = false

    package init() {}

    func pass(_ message: [UInt8], isBinary: Bool) {
        if !isClosed { passes(message, isBinary) }
    }

    func goOn() { reads() }

    var backlog: Int { unsent() }

    /// The client has closed, or is gone. Only the first is told.
    func close(code: UInt16?, reason: String) {
        guard !isClosed else { return }
        isClosed = true
        closes(code, reason)
    }
}
