import Library
import Rules
import Runtime
import Testing

@testable import Store

@Suite("The schema's limits") struct M003LimitsTests {
    @Test("limits that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO agents (arn, most_sessions, new_sessions, rate) VALUES ('a', 2, '25/s', '1000/s');
            INSERT INTO rules (id) VALUES (1);
            INSERT INTO replies (rule, kind, agent_status, agent_initialization) VALUES (1, 'agentError', 500, '2s');
            """)
        let scenario = try library.read()
        #expect(
            scenario.agents[0].limits
                == ServiceLimits(sessions: 2, newSessions: Rate("25/s"), rate: Rate("1000/s")))
        #expect(scenario.rules[0].reply == Reply(.agentError(status: 500, initialization: .seconds(2))))
    }

    @Test("nonsense is named by its row and column")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true, "INSERT INTO agents (id, arn, most_sessions, rate) VALUES (3, 'a', 1, 'often');")
        #expect(
            library.mistakes == ["table agents, row 3, column rate: \"often\" is no rate: write 25/s, 100/m or 1/10s"])
    }
}
