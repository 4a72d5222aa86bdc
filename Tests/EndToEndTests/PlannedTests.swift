import Foundation
import JSON
import Support
import Testing

/// Many clients at once meet what the plan says, whatever threads and sockets make of their order.
@Suite("End to end: the plan") struct PlannedTests {
    private static let clients = 64
    private static let callsEach = 8
    private static let scenario = """
        {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}],
         "rules": [{"reply": {"text": "ok"}}],
         "faults": [
           {"name": "busy", "on": {"chance": 0.2}, "fault": "error", "status": 503},
           {"name": "seventh", "on": {"every": 7}, "fault": "error", "status": 504},
           {"name": "early", "on": {"calls": "3-5, 40-44"}, "fault": "throttle", "rate": "1/365d"},
           {"name": "in session", "on": {"calls": "1-6", "chance": 0.5, "perSession": true},
            "fault": "error", "status": 500},
           {"name": "slow", "on": {"chance": 0.3}, "fault": "latency", "uniform": {"min": "0ms", "max": "4ms"}},
           {"name": "cut", "on": {"chance": 0.1}, "fault": "close", "at": "headers"}
         ]}
        """

    private let folder: TemporaryFolder
    private let library: String

    init() throws {
        folder = try TemporaryFolder()
        library = try folder.write("faults.json", Self.scenario.utf8)
    }

    /// The faults of one call, in their order, and what the latency drew.
    private struct Strikes: Equatable {
        var names: [String] = []
        var delay: Double?
    }

    /// What one call met, as the journal has it.
    private struct Met {
        var number: Int
        var session: String
        var faults: [String]
        var firstByte: Double?
    }

    private func plan(_ json: JSON.Value) throws -> [Strikes] {
        try #require(json["calls"]?.array).map { row in
            let strikes = row["strikes"]?.array ?? []
            return Strikes(
                names: strikes.compactMap { $0["name"]?.text }, delay: strikes.compactMap { $0["delay"]?.double }.first)
        }
    }

    private func printedPlan(seed: Int) throws -> String {
        let calls = String(Self.clients * Self.callsEach)
        let ran = try Program.run("plan", library, "--seed", String(seed), "--calls", calls, "--json")
        #expect(ran.code == 0 && ran.errors.isEmpty)
        return ran.output
    }

    /// Serves with this seed and lets all clients call at once. Returns what the control API planned before, and what
    /// the calls met, by their numbers; the clients' own sights are compared on the way.
    private func run(seed: Int) async throws -> (plan: String, met: [Met]) {
        let serving = try ServingProgram(library, "--seed", String(seed), "--quiet")
        let planned = try serving.ask("GET", "/_understudy/plan?calls=\(Self.clients * Self.callsEach)").body
        let seen = Gathered<(session: String, statuses: [Int])>()
        let threads = (0..<Self.clients).map { client in
            RunningThread {
                seen.add(Self.call(serving, session: "client-\(client)-" + String(repeating: "0", count: 33)))
            }
        }
        for thread in threads { await thread.ended() }
        let journal = try Value.parse(try serving.ask("GET", "/_understudy/calls?limit=10000").body)
        let calls = try #require(journal["calls"]?.array).sorted {
            ($0["number"]?.integer ?? 0) < ($1["number"]?.integer ?? 0)
        }
        let statuses = Dictionary(grouping: calls) { $0["session"]?.text ?? "" }
            .mapValues { $0.map { $0["status"]?.integer ?? 0 } }
        #expect(seen.all.count == Self.clients)
        for (session, own) in seen.all { #expect(statuses[session] == own, "\(session)") }
        #expect(serving.stop().code == 0)
        return (
            planned,
            calls.map { call in
                // What could not be applied was struck as well.
                let names = (call["faults"]?.array ?? []).compactMap { $0["name"]?.text }
                return Met(
                    number: call["number"]?.integer ?? 0, session: call["session"]?.text ?? "", faults: names,
                    firstByte: call["firstByte"]?.double)
            }
        )
    }

    private static func call(_ serving: ServingProgram, session: String) -> (session: String, statuses: [Int]) {
        let statuses = (0..<callsEach).map { _ in
            let answer = try? serving.ask(
                "POST", "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012",
                fields: "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: \(session)\r\n", body: "{}")
            return answer?.status ?? 0
        }
        return (session, statuses)
    }

    /// What the plan says of every call: of its number, and for the fault that counts sessions of its number there. The
    /// fault with a condition strikes whenever its trigger does but at first: what follows is faster than once a year.
    private func expected(_ plan: [Strikes], _ met: [Met]) -> [[String]] {
        var counts: [String: Int] = [:]
        return met.map { call in
            counts[call.session, default: 0] += 1
            let inSession = plan[counts[call.session, default: 1] - 1].names.contains("in session")
            let order = ["busy", "seventh", "early", "in session", "slow", "cut"]
            return order.filter { name in
                if name == "in session" { return inSession }
                return plan[call.number - 1].names.contains(name) && (name, call.number) != ("early", 3)
            }
        }
    }

    @Test("64 clients at once meet exactly the printed plan; so they do in another process with the same seed")
    func exactly() async throws {
        let printed = try printedPlan(seed: 7)
        for _ in 0..<2 {
            let (planned, met) = try await run(seed: 7)
            #expect(planned.trimmingCharacters(in: .newlines) == printed.trimmingCharacters(in: .newlines))
            let plan = try plan(Value.parse(printed))
            #expect(met.map(\.number) == Array(1...Self.clients * Self.callsEach))
            let expected = expected(plan, met)
            for (call, names) in zip(met, expected) {
                #expect(call.faults == names, "call \(call.number)")
            }
            #expect(Set(expected.joined()).count == 6)
            for call in met where call.faults == ["slow"] {
                #expect(try #require(call.firstByte) >= plan[call.number - 1].delay ?? .infinity, "call \(call.number)")
            }
        }
    }

    @Test("another seed gives another plan, which is met as exactly")
    func anotherSeed() async throws {
        let printed = try printedPlan(seed: 8)
        #expect(try plan(Value.parse(printed)) != plan(Value.parse(printedPlan(seed: 7))))
        let (_, met) = try await run(seed: 8)
        let expected = expected(try plan(Value.parse(printed)), met)
        for (call, names) in zip(met, expected) {
            #expect(call.faults == names, "call \(call.number)")
        }
    }
}
