import Library
import Testing

@testable import Store

@Suite("The schema's times") struct M011TimesTests {
    @Test("times that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO agents (arn, cold_start, cold_start_first, cold_start_then, stop_takes, longest_request,
              longest_stream, retry_after) VALUES ('a', '400ms', 10, '2s', '3.4s', '15m', '60m', '2s');
            """)
        let agent = try library.read().agents[0]
        #expect(
            agent.session
                == SessionLimits(
                    coldStart: .ordinal(first: 10, .milliseconds(400), then: .seconds(2)),
                    stopTakes: .milliseconds(3_400))
        )
        #expect(
            agent.limits == ServiceLimits(request: .seconds(900), stream: .seconds(3_600), retryAfter: .seconds(2)))
    }

    @Test("an ordinal without both of its times is named")
    func halves() throws {
        let library = try EditedLibrary(
            "INSERT INTO agents (id, arn, cold_start, cold_start_first) VALUES (3, 'a', '1s', 10);")
        #expect(
            library.mistakes.count == 1 && library.mistakes[0].hasPrefix("table agents, row 3, column cold_start_then"))
    }
}
