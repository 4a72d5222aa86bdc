import Emulator
import Library
import Rules

/// What is read without a mistake compiles, and written and read again it is the same scenario.
@Sendable func readScenario(_ bytes: [UInt8]) {
    let (scenario, mistakes) = ScenarioFile.read(bytes, fileName: "fuzz.json", .complete())
    guard let scenario, mistakes.isEmpty else {
        return promise(!mistakes.isEmpty, "refused without saying why")
    }
    promise((try? RuleBook(scenario)) != nil, "without a mistake, and yet it does not compile")
    let (again, complaints) = ScenarioFile.read(
        ScenarioFile.write(scenario), fileName: "fuzz.json", .complete())
    promise(
        complaints.isEmpty && again == scenario, "written and read again, the scenario is another")
}
