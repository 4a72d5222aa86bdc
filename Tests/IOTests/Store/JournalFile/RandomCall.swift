import Delivery
import HTTPWire
import Journal
import Support
import Time

/// Calls of every shape, drawn from a seed.
struct RandomCall<Generator: RandomNumberGenerator> {
    var generator: Generator

    mutating func call(_ number: Int) -> EndedCall {
        var call = Call(
            number: number, space: text(),
            arrived: Instant(nanoseconds: .random(in: 0...4_000_000_000_000_000_000, using: &generator)),
            request: request(), inFlight: below(100))
        call.agent = maybe { $0.text() }
        call.operation = maybe { $0.text() }
        call.qualifier = maybe { $0.text() }
        call.session = maybe { $0.text() }
        call.user = maybe { $0.text() }
        call.principal = maybe { $0.text() }
        call.auth = maybe { $0.auth() }
        call.rule = maybe { $0.text() }
        call.recording = maybe { $0.text() }
        call.faults = (0..<below(3)).map { _ in
            .init(name: text(), fault: text(), isApplied: below(2) == 0, why: below(2) == 0 ? text() : nil)
        }
        call.upstream = maybe { $0.upstream() }
        call.reply = maybe { $0.reply() }
        let frames = call.reply?.frames?.script.frames.count ?? 0
        return EndedCall(call, maybe { $0.report(frames) })
    }

    private mutating func request() -> Request {
        let names = [
            "Host", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "amz-sdk-request", "accept", "Accept",
            "amz-sdk-invocation-id",
        ]
        let values = ["", "a", "attempt=2; max=3", "a:b: c", "\u{E9}", "a  b"]
        let targets = ["/", "/a?b=c", "http://host/path?query", "*", "/%2F?", "host:80", "/a?b?c", "http://host"]
        let fields = (0..<below(6)).map { _ in (names[below(6)], values[below(6)]) }
        return Request.made(
            ["GET", "POST", "OPTIONS"][below(3)], targets[below(8)], fields, body: bytes(),
            minorVersion: UInt8(below(2)))
    }

    private mutating func auth() -> Call.Auth {
        var auth = Call.Auth(scheme: text(), verdict: Call.Auth.Verdict.allCases[below(3)], why: maybe { $0.text() })
        auth.canonicalRequest = maybe { _ in "POST\n/\n\nhost:a\n" }
        auth.stringToSign = maybe { $0.text() }
        return auth
    }

    private mutating func upstream() -> UpstreamRecord {
        var upstream = UpstreamRecord(url: text())
        upstream.status = maybe { 200 + $0.below(400) }
        upstream.connected = maybe { Int64($0.below(1_000)) }
        upstream.firstByte = maybe { Int64($0.below(1_000)) }
        upstream.ended = maybe { Int64($0.below(1_000)) }
        upstream.error = maybe { $0.text() }
        return upstream
    }

    private mutating func reply() -> ReplyRecord {
        var fields = FieldBlock()
        for _ in 0..<below(4) { fields.add(name: "X-\(below(3))", value: text()) }
        guard below(2) == 0 else { return ReplyRecord(status: 200 + below(400), fields: fields, body: bytes()) }
        let frames = (0..<below(5)).map {
            FrameScript.Frame(bytes: bytes(), offset: Int64($0) * 10_000_000, gap: 10_000_000)
        }
        let run = FrameRun(script: FrameScript(frames: frames, jitter: 0.2), start: Int64(below(1_000)), seed: 7)
        return ReplyRecord(status: 200, fields: fields, frames: run)
    }

    private mutating func report(_ frames: Int) -> Report {
        var report = Report(
            outcome: Report.Outcome.allCases[below(Report.Outcome.allCases.count)],
            firstByte: maybe { Int64($0.below(1_000_000_000)) },
            ended: Int64(below(1_000_000_000)), bytes: below(100_000))
        for _ in 0..<below(frames + 1) { report.frames.note(lateness: Int64(below(10_000_000))) }
        return report
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { below(2) == 0 ? nil : make(&self) }

    private mutating func text() -> String {
        let pieces = ["", "a", "'", "\"", "\u{1F363}", "\n", "\0", "session", " "]
        return (0..<below(4)).map { _ in pieces[below(9)] }.joined()
    }

    private mutating func bytes() -> [UInt8] {
        (0..<below(20)).map { _ in .random(in: .min ... .max, using: &generator) }
    }
}
