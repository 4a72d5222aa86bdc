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
        var stopped = [sessions.stop(key, limits: limits, now: moment(0))]
        _ = sessions.enter(key, limits: limits, now: start, call: 7)
        stopped.append(sessions.stop(key, limits: limits, now: moment(0)))
        stopped.append(sessions.stop(key, limits: limits, now: moment(0)))
        _ = sessions.enter(key, limits: limits, now: start, call: 8)
        stopped.append(sessions.stop(key, limits: limits, now: moment(60)))
        #expect(stopped == [.absent, .stopped(maker: 7), .absent, .absent])
    }

    private func moment(_ seconds: Int, real: Int? = nil) -> SessionMoment {
        SessionMoment(server: start + .seconds(seconds), real: start + .seconds(real ?? seconds))
    }

    @Test("a request that is sent again stops no newer session, and its token stands for no other session")
    func tokens() {
        var sessions = Sessions()
        let other = Sessions.Key(agent: "a", id: "t")
        var stopped = [sessions.stop(key, token: "1", limits: limits, now: moment(0))]
        for key in [key, other] { _ = sessions.enter(key, limits: limits, now: start, call: 7) }
        stopped.append(sessions.stop(key, token: "1", limits: limits, now: moment(0)))
        _ = sessions.enter(key, limits: limits, now: start, call: 8)
        stopped.append(sessions.stop(key, token: "1", limits: limits, now: moment(0)))
        stopped.append(sessions.stop(other, token: "1", limits: limits, now: moment(0)))
        stopped.append(sessions.stop(key, token: "2", limits: limits, now: moment(0)))
        #expect(stopped == [.absent, .stopped(maker: 7), .repeated, .mismatched, .stopped(maker: 8)])
    }

    @Test("a session is provisioned until either clock has come so far, and is not stopped meanwhile")
    func provisioning() {
        var sessions = Sessions()
        #expect(!sessions.hasProvisioned)
        _ = sessions.enter(key, limits: limits, now: start)
        sessions.provision(key, until: moment(10))
        let moments = [moment(0), moment(9), moment(10), moment(9, real: 10), moment(10, real: 9)]
        #expect(
            moments.map { sessions.isProvisioning(key, limits: limits, now: $0) } == [true, true, false, false, false])
        let stopped = [9, 10].map { sessions.stop(key, limits: limits, now: moment($0)) }
        #expect(stopped == [.provisioning, .stopped(maker: 0)])
        let isProvisioning = sessions.isProvisioning(key, limits: limits, now: moment(0))
        #expect(sessions.hasProvisioned && !isProvisioning)
    }

    @Test("a session does not idle while it is busy, and lives no longer for it")
    func busy() {
        var sessions = Sessions()
        _ = sessions.enter(key, limits: limits, now: start)
        sessions.keepBusy(key, until: start + .seconds(30))
        sessions.keepBusy(key, until: start + .seconds(10))
        let alive = [89, 90].map { sessions.isAlive(key, limits: limits, now: start + .seconds($0)) }
        #expect(alive == [true, false])
        sessions.keepBusy(key, until: start + .seconds(1_000))
        let isAlive = sessions.isAlive(key, limits: limits, now: start + .seconds(100))
        let removed = [99, 100, 100].map { sessions.removeIfRunOut(key, limits: limits, now: start + .seconds($0)) }
        #expect(!isAlive && removed == [false, true, false])
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
            .init(agent: "a", id: String(Sessions.most)), limits: limits,
            now: SessionMoment(server: Instant(seconds: Int64(Sessions.most)), real: start))
        #expect(newest == .stopped(maker: 0))
    }
}
