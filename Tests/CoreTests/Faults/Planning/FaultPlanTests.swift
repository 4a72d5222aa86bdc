import SplitMix
import Testing
import Time

@testable import Faults

@Suite("Fault plan") struct FaultPlanTests {
    private static let faults = [
        #"{"fault": "latency", "name": "slow", "lognormal": {"median": "800ms", "p99": "4s"}, "on": {"chance": 0.3}}"#,
        #"{"fault": "error", "name": "down", "status": 503, "on": {"calls": "3-5"}}"#,
        #"{"fault": "hang", "name": "rare", "on": {"chance": 0.05, "times": 4}}"#,
        #"{"fault": "reset", "name": "third", "at": "headers", "on": {"every": 3, "times": 20}}"#,
    ]

    private func book(seed: UInt64 = 7, space: String = "default") throws -> FaultBook {
        try FaultBook(try Self.faults.map(Bending.entry), seed: seed, space: space, now: Bending.noon)
    }

    /// What struck a call, with the delay that it drew.
    private func met(_ strikes: StruckFaults) -> [FaultPlan.Cell] {
        ["slow", "down", "rare", "third"].map { name in
            guard let strike = strikes.list.first(where: { $0.name == name }) else { return .none }
            var only = StruckFaults([strike], coldStart: nil)
            guard name == "slow", case .wait(let until)? = only.bend(Bending.json, protocol: .http).first else {
                return .strikes
            }
            return .draws(until)
        }
    }

    @Test("calls meet exactly what was planned, delays included")
    func met() throws {
        var book = try book()
        let plan = Array(book.plan(calls: 500).rows)
        #expect((0..<500).map { _ in met(book.decide(Bending.candidate())) } == plan)
        #expect(plan.count { $0[0] != .none } > 100)
    }

    @Test("64 clients that interleave in any way meet the same plan", arguments: [1, 2, 3] as [UInt64])
    func interleavings(seed: UInt64) throws {
        var book = try book()
        let agents = ["a", "b", "c"]
        let plan = Array(book.plan(calls: 64 * 40).rows)
        var chance = Chance(seed: seed)
        var left = Array(repeating: 40, count: 64)
        var calls = [String: Int]()
        while let most = left.indices.filter({ left[$0] > 0 }).randomElement(using: &chance) {
            left[most] -= 1
            let agent = agents[most % 3]
            let candidate = Bending.candidate(
                agent: agent, session: "session \(most)", at: .milliseconds(Int(chance.next() % 99)))
            #expect(met(book.decide(candidate)) == plan[calls[agent, default: 0]], "seed \(seed)")
            calls[agent, default: 0] += 1
        }
    }

    @Test("per session, too: each session meets the plan")
    func perSession() throws {
        var book = try Bending.book(#"{"fault": "hang", "on": {"perSession": true, "chance": 0.4, "times": 5}}"#)
        let plan = Array(book.plan(calls: 30).rows)
        var chance = Chance(seed: 5)
        var numbers = [Int](repeating: 0, count: 20)
        for _ in 0..<400 {
            let session = Int(chance.next() % 20)
            guard numbers[session] < 30 else { continue }
            let isStruck = !book.decide(Bending.candidate(session: "s\(session)")).isEmpty
            #expect(isStruck == (plan[numbers[session]] == [.strikes]))
            numbers[session] += 1
        }
    }

    @Test("the same seed gives the same plan; another seed, or another space, another one")
    func seeds() throws {
        func rows(_ book: FaultBook) -> [[FaultPlan.Cell]] { Array(book.plan(calls: 200).rows) }
        let plan = rows(try book())
        #expect(rows(try book()) == plan)
        #expect(rows(try book(seed: 8)) != plan)
        #expect(rows(try book(space: "b")) != plan)
    }

    @Test("armed beside others or alone, a fault decides the same")
    func independent() throws {
        let alone = try Bending.book(Self.faults[0]).plan(calls: 300)
        #expect(try Array(alone.rows) == book().plan(calls: 300).rows.map { [$0[0]] })
    }

    @Test("the plan for an agent goes on where its calls are")
    func goesOn() throws {
        var book = try book()
        let whole = Array(book.plan(calls: 100).rows)
        for _ in 0..<40 { _ = book.decide(Bending.candidate()) }
        let candidate = Bending.candidate()
        let rest = book.plan(calls: 60, agent: (candidate.agent, candidate.agentID))
        #expect(Array(rest.rows) == Array(whole[40...]))
        #expect(Array(book.plan(calls: 100, agent: ("arn:other", "other")).rows) == whole)
    }

    @Test(
        "what is to come is told for each agent that was called, of any when none was; a late fault counts for itself")
    func toCome() throws {
        var book = try Bending.book(
            #"{"name": "a", "on": {"calls": "4"}, "fault": "hang"}"#,
            #"{"name": "s", "on": {"calls": "4", "perSession": true}, "fault": "hang"}"#)
        #expect(book.plansToCome(calls: 2).map(\.agent) == [nil])
        for _ in 0..<2 { _ = book.decide(Bending.candidate()) }
        try book.arm(Bending.entry(#"{"name": "late", "on": {"calls": "1-2"}, "fault": "hang"}"#), now: Bending.noon)
        _ = book.decide(Bending.candidate(agent: "other"))
        _ = book.decide(Bending.candidate())
        let plans = book.plansToCome(calls: 2)
        #expect(plans.map(\.agent) == [Bending.candidate().agent, Bending.candidate(agent: "other").agent])
        #expect(plans.map(\.first) == [4, 2])
        #expect(Array(plans[0].rows) == [[.strikes, .strikes, .strikes], [.none, .none, .none]])
        #expect(Array(plans[1].rows) == [[.none, .none, .strikes], [.none, .none, .none]])
        #expect(Array(book.plan(calls: 2, from: 4).rows) == [[.strikes, .strikes, .none], [.none, .none, .none]])
    }

    @Test("an agent's plan has only the faults that concern it")
    func agents() throws {
        let book = try Bending.book(#"{"fault": "hang", "agent": "a-*"}"#, #"{"fault": "reset", "at": "request"}"#)
        #expect(book.plan(calls: 1, agent: ("arn:b", "b-1")).columns.map(\.definition.name) == ["reset"])
        #expect(book.plan(calls: 1, agent: ("arn:a", "a-1")).columns.count == 2)
    }

    @Test("what depends on more than the number may strike")
    func conditions() throws {
        let book = try Bending.book(
            #"{"fault": "throttle", "rate": "1/s", "on": {"calls": "2+"}}"#, #"{"fault": "cold-start"}"#,
            #"{"fault": "not-ready"}"#, #"{"fault": "jwks-outage"}"#)
        let plan = book.plan(calls: 2)
        #expect(Array(plan.rows) == [[.none, .may, .may, .strikes], [.may, .may, .may, .strikes]])
        #expect(plan.columns.map(\.counting) == [.agent, .agent, .session, .issuer])
    }

    @Test("no calls, no rows")
    func empty() throws {
        #expect(Array(try book().plan(calls: 0).rows) == [])
        #expect(Array(try book().plan(calls: -5).rows) == [])
    }
}
