import Time

/// One session of one agent: what its rules remember.
package struct Session: Equatable, Sendable {
    package var state = "start"
    /// Calls so far, the present one included.
    package var calls = 0
    package var created: Instant
    package var lastUsed: Instant
    /// The number of the call that made it: what tells it from an earlier session with its id.
    package let maker: Int
    /// Its agent did not come up: its first call was told so after the whole time that an agent has to begin.
    package var hasFailed = false
    /// It was stopped, and its machine is still there.
    package fileprivate(set) var isEnding = false
    fileprivate var provisioning: Provisioning?

    package init(created: Instant, maker: Int = 0) {
        self.created = created
        self.maker = maker
        lastUsed = created
    }
}

/// How long a session's machine is being made, or unmade: until both clocks have come so far, or either when the other was moved or
/// stands still. The first answer leaves by the real one, and whoever has it finds the session ready.
private struct Provisioning: Equatable {
    var until: Instant
    var realUntil: Instant

    func lasts(_ now: SessionMoment) -> Bool { now.server < until && now.real < realUntil }
}

/// A moment by both clocks: the server's, by which sessions live, and the real one, by which answers leave.
package struct SessionMoment: Equatable, Sendable {
    package var server: Instant
    package var real: Instant

    package init(server: Instant, real: Instant) {
        self.server = server
        self.real = real
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
    private var living: [Key: Session] = [:] { didSet { latest = nil } }
    private var latest: (most: Int, keys: [Key])?
    private var stops = StopTokens()
    /// Whether any session ever took time to provision.
    package private(set) var hasProvisioned = false

    package init() {}

    package var count: Int { living.count }

    /// Counts a call in and returns the session as that call finds it; `call` is the call's number.
    package mutating func enter(_ key: Key, limits: Limits, now: Instant, call: Int = 0) -> Session {
        if living.count >= Self.most { forgetOldest() }
        return Self.count(in: &living[key, default: Session(created: now, maker: call)], limits, now, call)
    }

    private static func count(in session: inout Session, _ limits: Limits, _ now: Instant, _ call: Int) -> Session {
        if !isAlive(session, limits, now) { session = Session(created: now, maker: call) }
        session.calls += 1
        session.lastUsed = max(session.lastUsed, now)
        return session
    }

    package func isAlive(_ key: Key, limits: Limits, now: Instant) -> Bool {
        living[key].map { Self.isAlive($0, limits, now) } ?? false
    }

    /// Forgets a session that ran out; false when there was none.
    package mutating func removeIfRunOut(_ key: Key, limits: Limits, now: Instant) -> Bool {
        guard let session = living[key], !session.isEnding, !Self.isAlive(session, limits, now) else { return false }
        living[key] = nil
        return true
    }

    /// The sessions used last, so many at most, the latest first. Who asks again before anything has changed gets the same
    /// list, not one more.
    package mutating func latest(_ most: Int) -> [Key] {
        if let latest, latest.most == most { return latest.keys }
        var found: [(key: Key, lastUsed: Instant)] = []
        var least: Instant?
        func keepLatest() {
            found.sort { $0.lastUsed > $1.lastUsed }
            found.removeLast(max(0, found.count - most))
            if found.count == most { least = found.last?.lastUsed }
        }
        for (key, session) in living {
            if let least, session.lastUsed <= least { continue }
            found.append((key, session.lastUsed))
            if found.count == 2 * most { keepLatest() }
        }
        keepLatest()
        let keys = found.map(\.key)
        latest = (most, keys)
        return keys
    }

    package func session(_ key: Key) -> Session? { living[key] }

    package mutating func move(_ key: Key, to state: String) { living[key]?.state = state }

    package func state(of key: Key) -> String? { living[key]?.state }
    package func lastUse(of key: Key) -> Instant? { living[key]?.lastUsed }

    /// A call's answer takes until then: the session does not idle before.
    package mutating func keepBusy(_ key: Key, until end: Instant) {
        guard let place = living.index(forKey: key), living.values[place].lastUsed < end else { return }
        living.values[place].lastUsed = end
    }

    // MARK: Provisioning

    /// The session's machine is being made until then.
    package mutating func provision(_ key: Key, until end: SessionMoment, fails: Bool = false) {
        hasProvisioned = true
        living[key]?.provisioning = Provisioning(until: end.server, realUntil: end.real)
        if fails { living[key]?.hasFailed = true }
    }

    /// Also while its machine is unmade.
    package func isProvisioning(_ key: Key, limits: Limits, now: SessionMoment) -> Bool {
        guard let session = living[key], let provisioning = session.provisioning else { return false }
        return provisioning.lasts(now) && (session.isEnding || Self.isAlive(session, limits, now.server))
    }

    // MARK: Stopping

    package enum Stop: Equatable, Sendable {
        /// The session that this call made is no more.
        case stopped(maker: Int)
        /// The request was obeyed before: its answer is the same again.
        case repeated
        /// The token was given with another request before.
        case mismatched
        case provisioning
        /// No such session lives.
        case absent
    }

    /// `token` is the request's `clientToken`, which makes it idempotent; `end` is when the session's machine is gone.
    package mutating func stop(
        _ key: Key, token: String? = nil, limits: Limits, now: SessionMoment, until end: SessionMoment? = nil
    ) -> Stop {
        if let token, let known = stops.key(of: token) { return known == key ? .repeated : .mismatched }
        if isProvisioning(key, limits: limits, now: now) { return .provisioning }
        guard var session = living.removeValue(forKey: key), Self.isAlive(session, limits, now.server) else {
            return .absent
        }
        if let token { stops.remember(token, of: key) }
        if let end {
            session.isEnding = true
            living[key] = session
            provision(key, until: end)
        }
        return .stopped(maker: session.maker)
    }

    package mutating func removeAll() { self = Sessions() }

    private static func isAlive(_ session: Session, _ limits: Limits, _ now: Instant) -> Bool {
        !session.isEnding && now - session.lastUsed < limits.idle && now - session.created < limits.lifetime
    }

    package mutating func forgetOldest() {
        let uses = living.values.map(\.lastUsed).sorted()
        let middle = uses[uses.count / 2]
        living = living.filter { $0.value.lastUsed > middle }
    }
}

/// The `clientToken`s of requests that were obeyed: the same request, sent again because its answer was lost, is answered
/// again and stops no newer session. Callers choose them, so what is kept is bounded: the last so many are known.
package struct StopTokens: Sendable {
    package static let most = 10_000
    private var young: [String: Sessions.Key] = [:]
    private var old: [String: Sessions.Key] = [:]

    package init() {}

    package func key(of token: String) -> Sessions.Key? { young[token] ?? old[token] }

    package mutating func remember(_ token: String, of key: Sessions.Key) {
        if young.count >= Self.most { (old, young) = (young, [:]) }
        young[token] = key
    }
}
