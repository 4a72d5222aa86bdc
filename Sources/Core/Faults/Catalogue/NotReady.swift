import Fields
import Runtime
import Time

/// `not-ready`: 409 while a session, or the agent, is provisioned: for a time from its first call on.
struct NotReady: VerdictFault {
    enum Owner: String, CaseIterable, Sendable { case session, agent }

    static let word = "not-ready"
    private let duration: Duration?
    private let since: Owner

    init(_ parameters: inout FieldReader) {
        duration = parameters.faultDuration("for")
        since = parameters.choice("since", of: Owner.self) ?? .session
    }

    var remembersSessions: Bool { since == .session }

    var condition: String? {
        "only within \(duration?.text ?? "the agent's coldStart") of the \(since.rawValue)'s first call"
    }

    func holds(for candidate: FaultCandidate, _ memory: inout Memory, startsSession: () -> Bool) -> Bool {
        let now = candidate.now.nanoseconds
        let first = memory.firstCall ?? now
        memory.firstCall = first
        return now &- first < (duration ?? candidate.coldStart ?? ColdStart.usual).nanoseconds
    }

    func refusal(to caller: Caller) -> RefusingAnswer { RefusingAnswer(.retryableConflict, to: caller) }
}

extension FaultKind {
    static let notReady = FaultKind(NotReady.self)
}
