import Delivery
import JSON
import Runtime

/// `agent-error-event`: the agent fails inside a stream that has begun. Its SDK then sends one event more and ends
/// normally; the status was 200 long ago (wire reference 2.3).
struct AgentErrorEvent: DeliveryFault {
    static let word = "agent-error-event"
    private let frames: Int
    private let error: String
    private let errorType: String

    init(_ parameters: inout ParameterReader) {
        frames = parameters.integer("frames", 0...Int.max) ?? 1
        error = parameters.text("error") ?? "Agent execution failed"
        errorType = parameters.text("errorType") ?? "RuntimeError"
    }

    func bend(_ steps: inout StepList, _ situation: inout DeliverySituation) throws(NotApplicable) {
        _ = try steps.point(afterFrames: frames)
        let place = try steps.streamPlace()
        let bytes = event(situation.protocol)
        steps.edit(place) { all in
            let due = (all.count > frames ? all[frames] : all.last)?.due ?? 0
            all = all[..<frames] + [TimedFrame(bytes: bytes, due: due)]
        }
        steps.cut(at: .step(place + 1), then: [.end])
    }

    /// As Python's `json.dumps` writes it. An AG-UI agent sends an event of its own protocol.
    private func event(_ protocol: AgentProtocol) -> [UInt8] {
        let data: Value =
            `protocol` == .agui
            ? ["type": "RUN_ERROR", "code": "AGENT_ERROR", "message": .string(error)]
            : [
                "error": .string(error), "error_type": .string(errorType),
                "message": "An error occurred during streaming",
            ]
        return Array("data: ".utf8) + data.bytes(.spaced) + Array("\n\n".utf8)
    }
}

extension FaultKind {
    static let agentErrorEvent = FaultKind(AgentErrorEvent.self)
}
