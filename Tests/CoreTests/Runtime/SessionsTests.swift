import Runtime
import Testing
import Time

@Suite("Sessions") struct SessionsTests {
    let key = Sessions.Key(agent: "a", id: "s")
    let limits = Sessions.Limits(idle: .seconds(60), lifetime: .seconds(100))
    let start = Instant(seconds: 1_000)

    @Test("calls are counted and the state stays until it is moved")
    func counting() {
        var sessions = Sessions()
        let first = sessions.enter(key, limits: limits, now: start)
        #expect(first.calls == 1)
        sessions.move(key, to: "asked")
        let second = sessions.enter(key, limits: limits, now: start + .seconds(1))
        #expect(second.calls == 2)
        #expect(second.state == "asked")
        let other = sessions.enter(.init(agent: "b", id: "s"), limits: limits, now: start)
        #expect(other.state == "start")
    }

    @Test("a session that idled or lived too long begins afresh")
    func ending() {
        var sessions = Sessions()
        let calls = [0, 59, 100, 161].map { second in
            sessions.enter(key, limits: limits, now: start + .seconds(second)).calls
        }
        #expect(calls == [1, 2, 1, 1])
    }

    @Test("stopping tells whether there was a session")
    func stopping() {
        var sessions = Sessions()
        var stopped = [sessions.stop(key, limits: limits, now: start)]
        _ = sessions.enter(key, limits: limits, now: start)
        stopped.append(sessions.stop(key, limits: limits, now: start))
        stopped.append(sessions.stop(key, limits: limits, now: start))
        _ = sessions.enter(key, limits: limits, now: start)
        stopped.append(sessions.stop(key, limits: limits, now: start + .seconds(60)))
        #expect(stopped == [false, true, false, false])
    }

    @Test("only a lifetime of up to 900 s stands for both limits")
    func defaults() {
        #expect(Sessions.Limits(idle: nil, lifetime: nil).idle == .seconds(900))
        #expect(Sessions.Limits(idle: nil, lifetime: .seconds(300)).idle == .seconds(300))
        #expect(Sessions.Limits(idle: nil, lifetime: .seconds(3_600)).idle == .seconds(900))
    }

    @Test("memory is bounded: the longest unused go first")
    func bounded() {
        var sessions = Sessions()
        for number in 0...Sessions.most {
            _ = sessions.enter(
                .init(agent: "a", id: String(number)), limits: limits, now: Instant(seconds: Int64(number)))
        }
        #expect(sessions.count <= Sessions.most)
        let newest = sessions.stop(
            .init(agent: "a", id: String(Sessions.most)), limits: limits, now: Instant(seconds: Int64(Sessions.most)))
        #expect(newest)
    }
}
