import Emulator
import Support
import Testing

@testable import Library
@testable import Rules

/// A scenario file of the repository, ready to be talked to.
enum World {
    static func scenario(_ name: String) throws -> Scenario {
        let (scenario, mistakes) = ScenarioFile.read(
            try ScenarioFixtures.bytes(name), fileName: "\(name).json", .complete())
        return try #require(scenario, "\(mistakes)")
    }

    static func conversation(_ name: String, with agent: String) throws -> Conversation {
        let scenario = try scenario(name)
        #expect(scenario.agents.contains { $0.arn.hasSuffix("/\(agent)") }, "no agent \(agent)")
        return Conversation(try RuleBook(scenario), agent: agent)
    }
}
