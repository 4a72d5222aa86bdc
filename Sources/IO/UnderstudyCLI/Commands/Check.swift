import Library

extension Command {
    static let check = Command(
        name: "check", usage: "check LIBRARY…",
        summary: "validates libraries without serving them: every mistake, with its place", options: []
    ) { (arguments, console) throws(Failure) in
        guard !arguments.words.isEmpty else { throw .usage("name at least one library") }
        var mistakes: [String] = []
        for path in arguments.words {
            switch Libraries.read(path, thoroughly: true) {
            case .good(let scenario): try console.print("\(path): good: \(contents(of: scenario))")
            case .bad(let lines): mistakes += lines
            }
        }
        guard mistakes.isEmpty else { throw Failure(mistakes: mistakes) }
        return .good
    }

    private static func contents(of scenario: Scenario) -> String {
        let recorded = scenario.recorded.isEmpty ? [] : [(scenario.recorded.count, "recorded call")]
        let counts = [
            (scenario.agents.count, "agent"), (scenario.rules.count, "rule"), (scenario.faults.count, "fault"),
        ]
        return (counts + recorded).map { Spelling.count($0, $1) }.joined(separator: ", ")
    }
}
