import Time

/// One session of one agent: what its rules remember.
package struct Session: Equatable, Sendable {
    package var state = "start"
    /// Calls so far, the present one included.
    package var calls = 0
    package var created: Instant
    package var lastUsed: Instant

    package init(created: Instant) {
        self.created = created
        lastUsed = created
    }
}

/// The sessions that live. A session is made by its first call; one that has idled or lived too long is gone, and the
/// next call with its id begins afresh (wire reference 4).
package struct Sessions: Sendable {
    package struct Key: Hashable, Sendable {
        package var agent: String
        package var id: String

        package init(agent: String, id: String) {
            self.agent = agent
            self.id = id
        }

        /// By the id alone: hardly ever do two agents share one.
        package func hash(into hasher: inout Hasher) { hasher.combine(id) }
    }

    package struct Limits: Equatable, Sendable {
        package var idle: Duration
        package var lifetime: Duration

        /// The service's defaults: 900 s and 28,800 s. Documented: only a lifetime of up to 900 s stands for both.
        package init(idle: Duration?, lifetime: Duration?) {
            self.lifetime = lifetime ?? .seconds(28_800)
            self.idle = idle ?? min(.seconds(900), self.lifetime)
        }
    }

    /// More sessions than this are not kept: the longest unused half goes first.
    package static let most = 200_000
    private var living: [Key: Session] = [:]

    package init() {}

    package var count: Int { living.count }

    /// Counts a call in and returns the session as that call finds it.
    package mutating func enter(_ key: Key, limits: Limits, now: Instant) -> Session {
        if living.count >= Self.most { forgetOldest() }
        return Self.count(in: &living[key, default: Session(created: now)], limits, now)
    }

    private static func count(in session: inout Session, _ limits: Limits, _ now: Instant) -> Session {
        if !isAlive(session, limits, now) { session = Session(created: now) }
        session.calls += 1
        session.lastUsed = max(session.lastUsed, now)
        return session
    }

    package func isAlive(_ key: Key, limits: Limits, now: Instant) -> Bool {
        living[key].map { Self.isAlive($0, limits, now) } ?? false
    }

    package mutating func move(_ key: Key, to state: String) { living[key]?.state = state }

    /// True when there was a living session to stop.
    package mutating func stop(_ key: Key, limits: Limits, now: Instant) -> Bool {
        living.removeValue(forKey: key).map { Self.isAlive($0, limits, now) } ?? false
    }

    package mutating func removeAll() { living = [:] }

    private static func isAlive(_ session: Session, _ limits: Limits, _ now: Instant) -> Bool {
        now - session.lastUsed < limits.idle && now - session.created < limits.lifetime
    }

    private mutating func forgetOldest() {
        let uses = living.values.map(\.lastUsed).sorted()
        let middle = uses[uses.count / 2]
        living = living.filter { $0.value.lastUsed > middle }
    }
}
