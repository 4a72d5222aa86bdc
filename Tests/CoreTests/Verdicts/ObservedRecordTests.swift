import Delivery
import HTTPWire
import Journal
import Runtime
import Support
import Testing
import Time

@testable import Verdicts

@Suite("An observed record") struct ObservedRecordTests {
    private let noon = Instant(seconds: 1_768_478_400)

    private func call(_ head: String = "", body: String = "{\"prompt\":\"x\",\"id\":7}") throws -> Call {
        let text =
            "POST /runtimes/a/invocations HTTP/1.1\r\nHost: a\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let request = try #require(Request(reading: Array(text.utf8), known: .understudy))
        return Call(number: 3, space: "s", arrived: noon, request: request, inFlight: 1)
    }

    @Test("whatever the issuer is asked for is no agent's call")
    func issuer() {
        #expect(IssuerOperation.allCases.allSatisfy { ObservedCall.isIssuer(operation: $0.rawValue) })
        #expect(ObservedCall.isIssuer(operation: "Login"))
        #expect(
            ![nil, "", "InvokeAgentRuntime", "GetCallerIdentity"].contains { ObservedCall.isIssuer(operation: $0) })
    }

    @Test("what judges may know is what the journal says")
    func fields() throws {
        var call = try call(
            "User-Agent: boto3\r\nX-Who: anna\r\namz-sdk-invocation-id: i-1\r\namz-sdk-request: attempt=2; max=3\r\n"
                + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: s-1\r\n")
        (call.agent, call.session, call.sessionCall) = ("a", "s-1", 1)
        call.faults = [
            .init(name: "slow", fault: "latency", isApplied: false, why: "x"), .init(name: "cut", fault: "close"),
        ]
        call.clock = noon + .seconds(60)
        var wanted = Wanted()
        wanted.headers = ["x-who"]
        wanted.paths = ["$.id", "$.none"]
        let observed = ObservedCall(CallRecord(call), wanted: wanted)
        #expect(observed.number == 3 && observed.space == "s" && observed.agent == "a")
        #expect(observed.arrived == Moment(real: noon, clock: noon + .seconds(60)))
        #expect(observed.headers == ["x-who": "anna"] && observed.values == ["$.id": "7"])
        #expect(observed.invocation?.id == "i-1" && observed.invocation?.attempt == 2 && observed.invocation?.max == 3)
        #expect(observed.userAgent == "boto3" && observed.faults == ["slow", "latency", "cut", "close"])
        #expect(observed.namesSession && observed.startsSession && observed.ended == nil && observed.status == nil)
    }

    @Test("a session that the client did not name is not its own")
    func unnamed() throws {
        var call = try call()
        call.session = "made"
        #expect(!ObservedCall(CallRecord(call), wanted: Wanted()).namesSession)
    }

    @Test("the end is told by the clock of the space, also when it was moved meanwhile")
    func clocks() throws {
        var call = try call()
        call.clock = noon + .seconds(10)
        let plain = CallRecord(call, Report(outcome: .completed, firstByte: 1_000, ended: 2_000_000_000))
        #expect(
            ObservedCall(plain, wanted: Wanted()).ended
                == Moment(real: noon + .seconds(2), clock: noon + .seconds(12)))
        var report = Report(outcome: .hung, firstByte: nil, ended: 2_000_000_000)
        report.clock = (noon + .seconds(99)).nanoseconds
        let moved = ObservedCall(CallRecord(call, report), wanted: Wanted())
        #expect(moved.ended == Moment(real: noon + .seconds(2), clock: noon + .seconds(99)))
        #expect(moved.outcome == .hung)
    }

    @Test("of a refusal: what it asks to wait, and whether another token would do")
    func refusals() throws {
        var fields = FieldBlock()
        fields.add("x-amzn-ErrorType", "ThrottlingException:http://x")
        fields.add("Retry-After", "2")
        fields.add("x-amz-retry-after", "1500")
        var throttled = try call()
        throttled.reply = ReplyRecord(status: 429, fields: fields, body: Array("{}".utf8))
        let end = Report(outcome: .completed, firstByte: 1, ended: 2)
        let observed = ObservedCall(CallRecord(throttled, end), wanted: Wanted())
        #expect(observed.error == "ThrottlingException" && observed.refusal == nil && observed.isThrottled)
        #expect(observed.hints.retryAfter == 2 && observed.hints.amzRetryAfter == 1.5)
        let texts: [(String, ObservedCall.Refusal)] = [
            (
                #"{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}"#,
                .token
            ),
            (#"{"message":"not authorized"}"#, .access),
        ]
        for (text, refusal) in texts {
            var call = try call()
            call.reply = ReplyRecord(status: 403, fields: FieldBlock(), body: Array(text.utf8))
            #expect(ObservedCall(CallRecord(call, end), wanted: Wanted()).refusal == refusal)
        }
    }

    @Test("who asks for the same asks with the same payload")
    func payloads() throws {
        func payload(_ body: String) throws -> UInt64 {
            ObservedCall(CallRecord(try call(body: body)), wanted: Wanted()).payload
        }
        #expect(try payload("one and the same text") == payload("one and the same text"))
        let different = try Set(
            ["", "a", "b", "one and the same tex", "one and the same texT", "12345678", "87654321"].map(payload))
        #expect(different.count == 7)
    }
}
