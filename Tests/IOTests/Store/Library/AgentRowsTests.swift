import Library
import Runtime
import Testing

@testable import Store

@Suite("Agents in a library") struct AgentRowsTests {
    @Test("an agent that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO agents (arn, protocol, auth, dialect, idle_timeout, request_headers)
              VALUES ('coach-*', 'HTTP', 'any', '2026', '90s', '["Authorization"]');
            INSERT INTO endpoints (agent, name) VALUES (1, 'DEFAULT'), (1, 'prod');
            INSERT INTO endpoints (agent, position, name) VALUES (1, 5, 'first');
            """)
        var agent = Agent(arn: "coach-*")
        agent.protocol = .http
        agent.auth = .any
        agent.dialect = .y2026
        agent.session = SessionLimits(idleTimeout: .seconds(90))
        agent.requestHeaders = ["Authorization"]
        agent.endpoints = ["first", "DEFAULT", "prod"]
        #expect(try library.read().agents == [agent])
    }

    @Test("what was written empty stays empty, and what was left out stays out")
    func empty() throws {
        var scenario = Scenario()
        scenario.agents = [Agent(arn: "a"), Agent(arn: "b")]
        scenario.agents[0].session = SessionLimits()
        scenario.agents[0].limits = ServiceLimits()
        scenario.agents[1].endpoints = []
        let library = try EditedLibrary(of: scenario, "")
        #expect(try library.read() == scenario)
        try library.edit("INSERT INTO endpoints (agent, name) VALUES (2, 'prod')")
        #expect(try library.read().agents.map(\.endpoints) == [nil, ["prod"]])
    }

    @Test("a deleted agent takes its endpoints along")
    func cascade() throws {
        var scenario = Scenario()
        scenario.agents = [Agent(arn: "a")]
        scenario.agents[0].endpoints = ["x", "y"]
        let library = try EditedLibrary(of: scenario, "DELETE FROM agents")
        #expect(try library.read() == Scenario())
    }

    @Test("nonsense is named by its row and column")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true,
            """
            INSERT INTO agents (id, arn, protocol, cold_start, request_headers, written_empty)
              VALUES (3, 'a', 'SMTP', 'soon', '{', 'endpoints colour');
            INSERT INTO agents (id, arn, auth) VALUES (4, 'b', 'jwt');
            INSERT INTO endpoints (agent, name) VALUES (9, 'lost');
            """)
        #expect(
            library.mistakes == [
                "table agents, row 3, column written_empty: \"endpoints colour\" holds more than endpoints limits session",
                "table agents, row 3, column protocol: \"SMTP\" is not one of HTTP, MCP, A2A, AGUI",
                "table agents, row 3, column cold_start: \"soon\" is not a duration: write 250ms, 1.5s, 15m or 8h",
                "table agents, row 3, column request_headers: is not JSON: line 1, column 2: the text ends before the object of line 1, column 1 is closed",
                "table agents, row 4, column jwt: is missing",
                "table endpoints, column agent: 9 is no row of agents",
            ])
    }
}
