import Delivery
import Fields
import JSON
import Runtime

/// `agent-error-event`: the agent fails inside a stream that has begun. Its SDK then sends one event more and ends
/// normally; the status was 200 long ago (wire reference 2.3).
struct AgentErrorEvent: DeliveryFault {
    static let word = "agent-error-event"
    private let frames: Int
    private let error: String
    private let errorType: String

    init(_ parameters: inout FieldReader) {
        frames = parameters.integer("frames", 0...Int.max) ?? 1
        error = parameters.text("error") ?? "Agent execution failed"
        errorType = parameters.text("errorType") ?? "RuntimeError"
    }

    func bender(_ situation: DeliverySituation) -> any StepBender {
        ErrorEventBender(after: frames, event: event(situation.protocol))
    }

    /// As Python's `json.dumps` writes it. An AG-UI agent sends an event of its own protocol, as it does before a stream.
    private func event(_ protocol: AgentProtocol) -> [UInt8] {
        if `protocol` == .agui { return ErrorAnswer(.runtimeClient, message: error, for: .agui).body }
        let data: Value = [
            "error": .string(error), "error_type": .string(errorType), "message": "An error occurred during streaming",
        ]
        return Array("data: ".utf8) + data.bytes(.spaced) + Array("\n\n".utf8)
    }
}

/// The event comes when the frame in its place would have, or right behind the last one.
private struct ErrorEventBender: StepBender {
    private let count: Int
    private let event: [UInt8]
    private var passed = AnswerSoFar()
    private var latest: FrameRun?
    /// What came behind the last frame before the event.
    private var held: [Step] = []

    init(after count: Int, event: [UInt8]) {
        self.count = count
        self.event = event
    }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        let before = passed.frames
        passed.note(step)
        guard passed.isStream, case .frames(let run) = step else {
            if latest != nil, before == count { held.append(step) } else { bent.append(step) }
            return
        }
        bent += held
        held = []
        latest = run
        guard passed.frames > count, let found = run.split(afterFrames: count - before) else {
            return bent.append(step)
        }
        if let whole = found.before { bent.append(whole) }
        bent += ending(due: run.due(run.frameIndices.lowerBound + count - before), like: run)
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        guard let latest, passed.frames == count else {
            bent += held + [last]
            return passed.lack(ofFrames: count)
        }
        bent += ending(due: latest.frameIndices.last.map { latest.due($0) } ?? latest.start, like: latest)
        return nil
    }

    private func ending(due: Int64, like run: FrameRun) -> [Step] {
        [.frames(FrameRun(frame: event, due: due, bytesPerSecond: run.bytesPerSecond)), .end]
    }
}

extension FaultKind {
    static let agentErrorEvent = FaultKind(AgentErrorEvent.self)
}
