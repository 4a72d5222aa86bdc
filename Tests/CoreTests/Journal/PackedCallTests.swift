import Bytes
import Delivery
import SplitMix
import HTTPWire
import Testing
import Time

@testable import Journal

@Suite("Packed call") struct PackedCallTests {
    /// Packs and unpacks several times, so that its blocks are kept in full once and by reference later.
    private func expectReturn(of call: Call, _ comment: Comment = "", location: SourceLocation = #_sourceLocation) {
        var writer = PackWriter()
        for _ in 0..<3 {
            let packed = PackedCall(call, &writer)
            // The whole call in a message would be pages.
            let isSame = packed.call() == call
            #expect(isSame, comment, sourceLocation: location)
            let summary = packed.summary()
            #expect(summary.agent == call.agent && summary.session == call.session && summary.rule == call.rule)
            #expect(summary.reply?.status == call.reply?.status && summary.ending == call.ending)
        }
    }

    private func request(_ text: String) -> Request {
        guard let request = Request(reading: Array(text.utf8)) else {
            Issue.record("not a request")
            return .none
        }
        return request
    }

    private var full: Call {
        var call = Call(
            number: 7, space: "default", arrived: Instant(nanoseconds: 1_768_478_400_123_456_789),
            request: request(
                "POST /runtimes/a/invocations?qualifier=x HTTP/1.1\r\nHost: h\r\nX-Two:  spaced \r\nEmpty:\r\n"
                    + "Content-Length: 4\r\nConnection: close\r\n\r\nbody"),
            inFlight: 3)
        call.request.bodyDigest = [UInt8](repeating: 9, count: 32)
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a_agent-ABCDEFGHIJ"
        (call.operation, call.qualifier, call.session) = ("InvokeAgentRuntime", "", "séance 🜁")
        (call.user, call.principal, call.rule) = ("u", "AKIDEXAMPLE", "sushi")
        call.faults = ["one", "", "two"]
        var auth = Call.Auth(scheme: "sigv4", verdict: .refused, why: "because")
        (auth.canonicalRequest, auth.stringToSign) = ("POST\n/\n", "AWS4-HMAC-SHA256\n")
        call.auth = auth
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        fields.add("X-Long", String(repeating: "v", count: 2_000))
        let run = FrameRun(
            script: FrameScript(frames: [.init(bytes: [1, 2], offset: 0, gap: 0)], jitter: 0.2), range: 0..<1, start: 5,
            seed: .max,
            bytesPerSecond: 9)
        call.reply = ReplyRecord(status: 200, fields: fields, body: [0, 10, 13, 255], frames: run)
        call.ending = Report(outcome: .completed, firstByte: 1, ended: 2, bytes: 3)
        call.restoredFrames = [FrameRecord(due: -1, sent: .max, bytes: 0)]
        call.requestBodyBytes = 5_000_000
        call.reply?.bodyBytes = 6_000_000
        return call
    }

    @Test("a call comes back as it was, to the last optional")
    func whole() { expectReturn(of: full) }

    @Test("whatever is missing is still missing")
    func parts() {
        let nothing = Request(
            head: [], method: 0..<0, target: 0..<0, path: 0..<0, query: nil, minorVersion: 0, fields: [],
            keepsAlive: false)
        expectReturn(
            of: Call(number: 1, space: "", arrived: Instant(nanoseconds: -1), request: nothing, inFlight: 0))
        var call = full
        (call.agent, call.session, call.reply, call.restoredFrames) = (nil, nil, nil, nil)
        (call.ending, call.faults, call.request.query) = (nil, [], nil)
        call.auth?.why = nil
        expectReturn(of: call)
        call.auth = Call.Auth(scheme: "none", verdict: .unchecked)
        call.restoredFrames = []
        expectReturn(of: call)
    }

    @Test("heads of any bytes come back, and ranges in any order", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var chance = Chance(seed: seed)
        for _ in 0..<200 {
            var call = full
            call.request.head = (0..<Int.random(in: 0...80, using: &chance)).map { _ in
                [10, 13, 65, 0, 255].randomElement(using: &chance) ?? 0
            }
            call.request.fields = (0..<Int.random(in: 0...5, using: &chance)).map { _ in
                let start = Int.random(in: 0...500, using: &chance)
                return FieldRange(name: start..<start + 3, value: 400..<Int.random(in: 400...500, using: &chance))
            }
            call.reply?.body = call.request.head
            expectReturn(of: call, "seed \(seed)")
        }
    }

    @Test("a call that is like those before it takes little memory")
    func size() {
        var writer = PackWriter()
        let sizes = (0..<3).map { _ in PackedCall(full, &writer).size }
        #expect(sizes[2] < sizes[0])
        let long = sizes[0] - sizes[2]
        #expect(long > 150, "saved \(long)")
    }
}
