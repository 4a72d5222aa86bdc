import Support
import Testing

@testable import Library
@testable import Rules

@Suite("One scenario added to another") struct ScenarioTests {
    private func rule(_ name: String?, _ text: String) -> Rule {
        var rule = Rule(reply: Reply(.text(text)))
        rule.name = name
        return rule
    }

    @Test("a rule of the same name is replaced where it stands; others come after")
    func rules() {
        var (first, second) = (Scenario(), Scenario())
        first.rules = [rule("a", "1"), rule(nil, "2"), rule("b", "3")]
        second.rules = [rule("c", "4"), rule("a", "5"), rule(nil, "2"), rule(nil, "6")]
        let both = first.adding(second)
        #expect(both.rules == [rule("a", "5"), rule(nil, "2"), rule("b", "3"), rule("c", "4"), rule(nil, "6")])
    }

    @Test("agents by ARN, credentials by key, users by name and client, faults by name, files by path")
    func identities() {
        var (first, second) = (Scenario(), Scenario())
        first.agents = [Agent(arn: "*"), Agent(arn: "a")]
        var agent = Agent(arn: "*")
        agent.auth = .any
        second.agents = [agent]
        first.credentials = [Credential(accessKeyId: "A", secretAccessKey: "1")]
        second.credentials = [
            Credential(accessKeyId: "A", secretAccessKey: "2"), Credential(accessKeyId: "B", secretAccessKey: "3"),
        ]
        var machine = User(username: "anna")
        machine.clientId = "c"
        first.users = [User(username: "anna")]
        second.users = [machine]
        var fault = FaultEntry(fault: "hang")
        fault.name = "f"
        first.faults = [fault, FaultEntry(fault: "reset")]
        fault.fault = "stall"
        second.faults = [FaultEntry(fault: "reset"), fault]
        (first.files, second.files) = (["x": [1], "y": [2]], ["x": [3]])

        let both = first.adding(second)
        #expect(both.agents == [agent, Agent(arn: "a")])
        #expect(both.credentials.map(\.secretAccessKey) == ["2", "3"])
        #expect(both.users == [User(username: "anna"), machine])
        #expect(both.faults == [fault, FaultEntry(fault: "reset")])
        #expect(both.files == ["x": [3], "y": [2]])
    }

    @Test("adding twice adds once, and adding to nothing or nothing changes nothing")
    func idempotent() {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomScenario(.any, faults: ["hang"], generator: SeededGenerator(seed: seed))
        for _ in 0..<200 {
            let (first, second) = (random.scenario(), random.scenario())
            let once = first.adding(second)
            #expect(once.adding(second) == once, "seed \(seed)")
            #expect(Scenario().adding(first) == first, "seed \(seed)")
            #expect(first.adding(Scenario()) == first, "seed \(seed)")
        }
    }

    @Test("preceded by another, what is new stands in front, and takes the place of what is the same thing")
    func preceding() {
        var (library, patch) = (Scenario(), Scenario())
        library.rules = [rule("a", "1"), rule(nil, "2"), rule("b", "3")]
        patch.rules = [rule("b", "4"), rule(nil, "5")]
        var machine = User(username: "anna")
        machine.clientId = "c"
        (library.users, patch.users) = ([User(username: "anna")], [machine])
        let both = library.preceded(by: patch)
        #expect(both.rules == [rule("b", "4"), rule(nil, "5"), rule("a", "1"), rule(nil, "2")])
        #expect(both.users == [machine, User(username: "anna")])
        #expect(both.preceded(by: patch) == both)
    }
}
