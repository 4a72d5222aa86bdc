/// The faults that concern one agent, with what each remembers of it.
struct AgentCounts: Sendable {
    let agent: String
    let agentID: String
    var counts: [FaultCount]
}

/// The rows of agents called lately, found by the end of their names: hashing an ARN costs more than deciding.
struct RecentRows: Sendable {
    private static let most = 32
    private static let unused = Int.min
    private var slots: [(agent: String, row: Int)] = []

    subscript(agent: String) -> Int? {
        get {
            guard !slots.isEmpty else { return nil }
            let slot = slots[Self.slot(of: agent)]
            return slot.row != Self.unused && slot.agent == agent ? slot.row : nil
        }
        set {
            if slots.isEmpty { slots = Array(repeating: ("", Self.unused), count: Self.most) }
            if let newValue { slots[Self.slot(of: agent)] = (agent, newValue) }
        }
    }

    private static func slot(of agent: String) -> Int {
        let letters = agent.utf8.span
        guard letters.count > 1 else { return 0 }
        return (Int(letters[letters.count - 2]) * 7 + Int(letters[letters.count - 1])) % most
    }
}

struct FaultCount: Sendable {
    /// Index in the book's list.
    var armed: Int
    var memory = Memory()
    var sessions: RecentSessions?

    init(armed: Int) { self.armed = armed }

    /// A call without a session is one of its own.
    func memory(for candidate: FaultCandidate, perSession: Bool) -> Memory {
        guard perSession else { return memory }
        return candidate.session.flatMap { sessions?[$0] } ?? Memory()
    }

    mutating func keep(_ memory: Memory, for candidate: FaultCandidate, perSession: Bool) {
        guard perSession else {
            self.memory = memory
            return
        }
        guard let session = candidate.session else { return }
        if sessions == nil { sessions = RecentSessions() }
        sessions?[session] = memory
    }
}

/// What is remembered of sessions. Callers choose their names, so it is bounded: of the sessions that were not met among
/// the last so many, none is known.
struct RecentSessions: Sendable {
    static let most = 100_000
    private var young: [String: Memory] = [:]
    private var old: [String: Memory] = [:]

    var count: Int { young.count + old.count }

    subscript(session: String) -> Memory? {
        get { young[session] ?? old[session] }
        set {
            if young.count >= Self.most, young[session] == nil { (old, young) = (young, [:]) }
            young[session] = newValue
            if newValue == nil { old[session] = nil }
        }
    }
}
