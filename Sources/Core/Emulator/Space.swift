import Access
import Delivery
import Faults
import Fields
import JSON
import Library
import Recording
import Rules
import Runtime
import Time

/// An isolated copy of the changing state: parallel test workers share a server without seeing each other.
package final class Space {
    package let name: String
    var sessions = Sessions()
    package var clock = VirtualClock()
    /// The keys that the server's own issuer signs with here.
    var issuer = Issuer()
    /// The codes that were taken here, of those that its pages gave.
    var codes: RedeemedCodes
    /// How many times faster than written what is waited for passes: pacing, latency, cold starts.
    package var speed: Double
    /// Of the agents whose entries state limits or cold starts, by ARN.
    var usage: [String: Usage] = [:]
    package var faults: FaultBook
    /// How far the recordings have been replayed here.
    var replay = ReplayCursors()

    init(name: String, faults: FaultBook, speed: Double) {
        self.name = name
        self.speed = speed
        self.faults = faults
        codes = RedeemedCodes(space: name)
    }

    var hasFaults: Bool { !faults.isEmpty }

    package var sessionCount: Int { sessions.count }

    /// Those used last, the latest first.
    package func latestSessions(_ most: Int) -> [Sessions.Key] { sessions.latest(most) }

    package func session(_ key: Sessions.Key) -> Session? { sessions.session(key) }

    package func isProvisioning(_ key: Sessions.Key, limits: Sessions.Limits, now real: Instant) -> Bool {
        sessions.isProvisioning(key, limits: limits, now: SessionMoment(server: clock.now(real), real: real))
    }

    func forgetSessions() {
        sessions.removeAll()
        usage = [:]
        replay = ReplayCursors()
    }

    /// As long as it takes in this space.
    func duration(of written: Duration) -> Duration {
        speed == 1 ? written : .nanoseconds(written.nanoseconds.divided(by: speed))
    }

    /// Arms one fault more, by the space's clock, and returns its name.
    package func arm(_ entry: FaultEntry, now real: Instant) throws(Mistakes) -> String {
        try faults.arm(entry, now: clock.now(real))
    }
}

/// The spaces of a server, made when they are first named.
package struct Spaces {
    /// Callers choose the names, so what is kept is bounded: so many spaces, each of some hundred bytes, and in all of them
    /// together `Sessions.most` sessions. (What a fault counts of agents and sessions is bounded in each space.)
    static let most = 100_000
    private var sessionsSinceCount = 0

    let usual: Space
    private var others: [String: Space] = [:]
    /// Armed with the library's faults; every space begins with a copy.
    private var faults: FaultBook

    /// What every space begins with.
    private let speed: Double

    init(faults: FaultBook, speed: Double) {
        self.faults = faults
        self.speed = speed
        usual = Space(name: SpaceName.usual, faults: faults, speed: speed)
    }

    package var usualClock: VirtualClock { usual.clock }

    /// A session began somewhere. They are counted now and then; when half of what may be there is, every space forgets
    /// the longest unused half of its own.
    mutating func sessionBegan(most: Int = Sessions.most) {
        sessionsSinceCount += 1
        guard sessionsSinceCount >= most / 2 else { return }
        sessionsSinceCount = 0
        let everywhere = [usual] + others.values
        guard everywhere.reduce(0, { $0 + $1.sessionCount }) > most / 2 else { return }
        for space in everywhere where space.sessionCount > 0 { space.sessions.forgetOldest() }
    }

    /// Sorted by name.
    package var all: [Space] { [usual] + others.values.sorted { $0.name < $1.name } }

    /// Nil for a name that no space may have, or when there are too many.
    package mutating func space(named name: String, now: Instant) -> Space? {
        if name == SpaceName.usual { return usual }
        if let space = others[name] { return space }
        guard SpaceName.isValid(name.utf8), others.count < Self.most else { return nil }
        let space = Space(name: name, faults: faults.fresh(space: name, now: now), speed: speed)
        others[name] = space
        return space
    }

    /// False when there is no such space. The usual one is only emptied.
    package mutating func remove(_ name: String, now: Instant) -> Bool {
        guard name == SpaceName.usual else { return others.removeValue(forKey: name) != nil }
        empty(usual, now: now)
        return true
    }

    /// Only the usual space is left, as it was at the start.
    mutating func reset(now: Instant) {
        others = [:]
        empty(usual, now: now)
    }

    /// Another library: its faults are armed in every space.
    mutating func arm(_ faults: FaultBook, now: Instant) {
        self.faults = faults
        for space in all {
            space.faults = faults.fresh(space: space.name, now: now)
            space.forgetSessions()
        }
    }

    private func empty(_ space: Space, now: Instant) {
        space.forgetSessions()
        space.clock = VirtualClock()
        space.issuer = Issuer()
        space.codes = RedeemedCodes(space: space.name)
        space.speed = speed
        space.faults.reset(now: now)
    }
}
