import Bytes
import Delivery
import HTTPWire
import Journal
import Support
import Time

@testable import Store

/// Calls for the tests of the journal.
enum SampleCall {
    static func request(
        _ body: [UInt8] = Array(#"{"prompt":"Hello"}"#.utf8),
        fields: [(String, String)] = [("Host", "localhost"), ("X-A", "b")]
    ) -> Request {
        .made("POST", "/runtimes/a/invocations?qualifier=DEFAULT", fields, body: body)
    }

    /// A call with the least there can be.
    static func bare(_ number: Int, space: String = "default") -> EndedCall {
        EndedCall(
            Call(
                number: number, space: space, arrived: Instant(nanoseconds: 1_768_478_400_000_000_123),
                request: request(), inFlight: 1))
    }

    /// A call that has ended, with something in every place.
    static func full(_ number: Int) -> EndedCall {
        var call = bare(number)
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ"
        (call.operation, call.qualifier) = ("InvokeAgentRuntime", "DEFAULT")
        (call.session, call.user, call.principal) = ("session-\(number)", "u1", "AKIDEXAMPLE")
        var auth = Call.Auth(scheme: "sigv4", verdict: .refused, why: "the signature does not match")
        (auth.canonicalRequest, auth.stringToSign) = ("POST\n/\n", "AWS4-HMAC-SHA256\n")
        call.auth = auth
        call.recording = "session"
        call.rule = "sushi"
        call.faults = [
            .init(name: "expired at first", fault: "expiring-token"),
            .init(name: "slow \"drip\"", fault: "slow-drip", isApplied: false, why: "no frames"),
        ]
        let issued = Instant(seconds: 1_768_478_000)
        call.token = .init(id: "jti-1", issuedAt: issued, expires: issued + .seconds(3_600))
        call.issuance = .init(grant: "client_credentials", client: "c")
        (call.trace, call.isUnmatched, call.why) = ("1-5759e988-bd862e3fe1be46a994272793", true, "no rule")
        call.clock = Instant(seconds: 1_800_000_000)
        var upstream = UpstreamRecord(url: "http://127.0.0.1:8080")
        (upstream.status, upstream.error) = (502, "no answer")
        (upstream.connected, upstream.firstByte, upstream.ended) = (1_000, 2_000, 3_000)
        call.upstream = upstream
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        fields.add("X-Empty", "")
        call.reply = ReplyRecord(status: 200, fields: fields, body: [0, 1, 255])
        call.ending = report()
        return call
    }

    static func report(_ outcome: Report.Outcome = .completed) -> Report {
        Report(outcome: outcome, firstByte: 400_000, ended: 1_200_000, bytes: 17)
    }

    /// A call that is being answered with three frames, 10 ms apart from the 5th on.
    static func streaming(_ number: Int) -> EndedCall {
        var call = bare(number)
        let frames = (0..<3).map {
            FrameScript.Frame(bytes: [1, 2, 3, UInt8($0)], offset: Int64($0) * 10_000_000, gap: 0)
        }
        call.reply = ReplyRecord(
            status: 200, fields: FieldBlock(),
            frames: FrameRun(script: FrameScript(frames: frames), start: 5_000_000, seed: 1))
        return call
    }

    /// The report on a stream of which these frames left, each so late.
    static func report(frames lateness: [Int64]) -> Report {
        var report = report(.clientClosed)
        for nanoseconds in lateness { report.frames.note(lateness: nanoseconds) }
        return report
    }
}

extension JournalReader {
    /// All calls of the file.
    func calls() throws(DatabaseError) -> [CallRecord] { try entries().map(\.call) }
}

extension JournalWriter {
    func arrived(_ call: EndedCall) {
        for event in call.events { append(event) }
    }

    func ended(number: Int, _ report: Report) { append(CallEvent(endOf: number, report)) }
}

extension JournalQueue {
    func add(_ call: EndedCall) -> Bool { add(CallEvent(arrivalOf: call.call)) }
    func end(_ number: Int, _ report: Report) { _ = add(CallEvent(endOf: number, report)) }
}

extension JournalQueue.Batch {
    mutating func append(_ call: EndedCall) {
        for event in call.events { append(event) }
    }

    mutating func end(_ number: Int, _ report: Report) { append(CallEvent(endOf: number, report)) }
}
