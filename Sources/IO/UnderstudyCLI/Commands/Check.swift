import Emulator
import Library

extension Command {
    static let check = Command(
        name: "check", usage: "check LIBRARY… [--strict]",
        summary: "validates libraries without serving them: every mistake, with its place",
        notes:
            "What is right and can still hardly be meant is warned of, for all libraries together, as `serve` takes them.",
        options: [
            Option("--strict", nil, "warnings are mistakes"),
            Libraries.allowFiles,
        ]
    ) { (arguments, console) throws(Failure) in
        guard !arguments.words.isEmpty else { throw .usage("name at least one library") }
        var mistakes: [String] = []
        var together = Scenario()
        for path in arguments.words {
            switch Libraries.read(path, thoroughly: true, folders: arguments.all(Libraries.allowFiles.name)) {
            case .good(let scenario):
                together = together.adding(scenario)
                try console.print("\(path): good: \(contents(of: scenario))")
            case .bad(let lines): mistakes += lines
            }
        }
        guard mistakes.isEmpty else { throw Failure(mistakes: mistakes) }
        try serve(together)
        let doubts = Doubts.of(together)
        guard doubts.isEmpty || !arguments.has("--strict") else { throw Failure(mistakes: doubts) }
        for doubt in doubts { console.complain("warning: \(doubt)") }
        return .good
    }

    /// What is good by itself may be none together.
    private static func serve(_ scenario: Scenario) throws(Failure) {
        do throws(ScenarioRefusal) {
            _ = try Understudy(scenario: scenario, settings: Understudy.Settings(seed: 0), now: WallClock.now)
        } catch {
            throw Failure("all of them together cannot be served: \(error.description)")
        }
    }

    private static func contents(of scenario: Scenario) -> String {
        let recorded = scenario.recorded.isEmpty ? [] : [(scenario.recorded.count, "recorded call")]
        let counts = [
            (scenario.agents.count, "agent"), (scenario.rules.count, "rule"), (scenario.faults.count, "fault"),
        ]
        return (counts + recorded).map { Spelling.count($0, $1) }.joined(separator: ", ")
    }
}
