import Delivery
import HTTPWire
import Journal
import Support
import Testing
import Time

@Suite("Query") struct QueryTests {
    static let call: CallRecord = {
        var call = Call(
            number: 7, space: "blue", arrived: Instant(seconds: 1_768_478_400), request: .made(), inFlight: 1)
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ"
        call.operation = "InvokeAgentRuntime"
        call.session = "session-1"
        call.user = "u1"
        call.rule = "sushi"
        call.faults = [
            .init(name: "slow at noon", fault: "latency"), .init(name: "x", fault: "close", isApplied: false),
        ]
        (call.trace, call.isUnmatched) = ("1-5759e988-bd862e3fe1be46a994272793", true)
        call.reply = ReplyRecord(status: 404, fields: FieldBlock())
        return CallRecord(call, Report(outcome: .completed, firstByte: 1, ended: 2))
    }()

    @Test(
        "a part that fits lets the call through",
        arguments: [
            ("agent", "restaurant_search_agent-ABCDEFGHIJ"), ("agent", "*search*"), ("agent", "arn:*"), ("agent", "*"),
            ("agent", "restaurant_*-??????????"), ("session", "session-1"), ("session", "session-*"), ("user", "u?"),
            ("operation", "Invoke*"), ("rule", "sushi"), ("space", "blue"), ("status", "404"), ("status", "4xx"),
            ("status", "4XX"), ("status", "400-499"), ("status", "200, 404"), ("status", "5xx,4xx"),
            ("outcome", "completed"), ("outcome", "reset,completed"), ("since", "6"), ("since", "0"),
            ("since", "2026-01-15T12:00:00Z"), ("since", "2026-01-15T13:00:00+01:00"), ("until", "7"), ("until", "100"),
            ("until", "2026-01-15T12:00:00.000000001Z"), ("limit", "1"), ("fault", "slow*"), ("fault", "latency"),
            ("fault", "close"), ("unmatched", "true"), ("trace", "1-5759e988-*"),
            ("trace", "Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"),
        ])
    func matching(name: String, text: String) throws {
        #expect(try Query(parameters: [(name, text)]).matches(Self.call))
    }

    @Test(
        "one that does not keeps it out",
        arguments: [
            ("agent", "search"), ("agent", "*:runtime"), ("session", "session"), ("user", "U1"), ("operation", "Stop*"),
            ("rule", "stream"), ("space", "default"), ("status", "200"), ("status", "5xx"), ("status", "200-299"),
            ("outcome", "reset"), ("since", "7"), ("since", "2026-01-15T12:00:00.000000001Z"), ("until", "6"),
            ("until", "2026-01-15T12:00:00Z"), ("fault", "hang"), ("unmatched", "false"), ("trace", "1-5759e988"),
        ])
    func notMatching(name: String, text: String) throws {
        #expect(try !Query(parameters: [(name, text)]).matches(Self.call))
    }

    @Test("parts must all fit, and no part is every call")
    func together() throws {
        #expect(Query().matches(Self.call))
        #expect(try Query(parameters: [("agent", "*search*"), ("status", "404")]).matches(Self.call))
        #expect(try !Query(parameters: [("agent", "*search*"), ("status", "200")]).matches(Self.call))
    }

    @Test("a call without the value that is asked for does not match, not even every value")
    func missing() throws {
        let bare = Call(number: 1, space: "default", arrived: Instant(seconds: 0), request: .made(), inFlight: 1)
        for (name, text) in [
            ("agent", "*"), ("session", "*"), ("rule", "*"), ("status", "100-599"), ("outcome", "hung"),
            ("fault", "*"), ("trace", "*"), ("unmatched", "true"),
        ] {
            #expect(try !Query(parameters: [(name, text)]).matches(CallRecord(bare)), "\(name)")
        }
    }
}
