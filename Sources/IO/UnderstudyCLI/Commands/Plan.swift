import Faults
import Fields

extension Command {
    static let plan = Command(
        name: "plan", usage: "plan [LIBRARY…] [options]",
        summary: "prints the fault decision of every call, before it happens",
        notes: "The same seed gives the same decisions in every process, whatever the calls' order in time.",
        options: [
            Option("--seed", "N", "what chance is drawn from, 0 unless told: the seed of the server"),
            Option("--calls", "N", "how many calls to an agent, 200 unless told"),
            Option("--json", nil, "as the control API gives it"),
        ]
    ) { (arguments, console) throws(Failure) in
        let seed = try arguments.seed("--seed") ?? 0
        let calls = try arguments.integer("--calls", in: 1...10_000_000) ?? 200
        let scenario = try Libraries.merged(arguments.words)
        let plan: FaultPlan
        do throws(Mistakes) {
            plan = try FaultBook(scenario.faults, seed: seed, space: "default", now: WallClock.now).plan(calls: calls)
        } catch {
            throw Failure(mistakes: error.list.map(\.description))
        }
        try console.put(arguments.has("--json") ? plan.json : plan.text)
        return .good
    }
}
