import Access
import Bytes
import Delivery
import Emulator
import JSON
import Library
import Support
import Testing
import Time

@testable import Server

/// What each fault makes of an answer, byte by byte, and how the connection ends.
@Suite("Every fault on the wire") struct FaultsOnTheWireTests {
    private static let scenario = #"""
        {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}], "rules": [
          {"name": "stream", "when": {"payload": [{"path": "$.prompt", "equals": "stream"}]},
           "reply": {"stream": {"every": "1ms", "events": [{"data": "a"}, {"data": "ü"}, {"data": "c"}]}}},
          {"name": "json", "reply": {"json": {"a": "ü"}}}]}
        """#
    private static let path = "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012"

    enum Prompt: String, Sendable { case json, stream }

    struct Row: Sendable, CustomTestStringConvertible {
        var fault: String
        var prompt: Prompt
        /// Nil when not even a head comes.
        var status: Int?
        var body: [UInt8]
        var end: RawClient.End
        var outcome: Report.Outcome

        var testDescription: String { "\(fault) (\(prompt))" }
    }

    // MARK: What comes

    private static let json = Array(#"{"a": "ü"}"#.utf8)
    private static let a = chunk("data: \"a\"\n\n")
    private static let u = chunk("data: \"ü\"\n\n")
    private static let c = chunk("data: \"c\"\n\n")
    private static let last = Array("0\r\n\r\n".utf8)

    private static func chunk(_ text: String) -> [UInt8] { chunk(Array(text.utf8)) }

    private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + Array("\r\n".utf8)
    }

    private static func message(_ text: String) -> [UInt8] { Array(#"{"message":"\#(text)"}"#.utf8) }

    private static func refused(_ fault: String, _ status: Int, _ text: String) -> Row {
        Row(fault: fault, prompt: .json, status: status, body: message(text), end: .fin, outcome: .completed)
    }

    private static func whole(_ fault: String, _ prompt: Prompt, _ body: [UInt8]) -> Row {
        Row(fault: fault, prompt: prompt, status: 200, body: body, end: .fin, outcome: .completed)
    }

    /// Both ways to cut.
    private static func cut(_ place: String, _ prompt: Prompt, _ status: Int?, _ body: [UInt8]) -> [Row] {
        [
            Row(
                fault: "reset; at=\(place)", prompt: prompt, status: status, body: body, end: .reset, outcome: .reset),
            Row(fault: "close; at=\(place)", prompt: prompt, status: status, body: body, end: .fin, outcome: .closed),
        ]
    }

    static let refusals = [
        refused("error; status=503", 503, "The service is temporarily unavailable"),
        refused("error; error=ThrottlingException; message=slow", 429, "slow"),
        refused(
            "expiring-token", 403, "OAuth authorization failed: Ineffectual token, will expire within the next minute"),
        refused("throttle; rate=1/s", 429, "Too many requests - the request rate limit was exceeded"),
        refused("not-ready", 409, "Session operation in progress, please retry"),
    ]

    static let delays = [
        whole("latency; delay=15ms", .json, json), whole("latency; delay=15ms; at=end", .stream, a + u + c + last),
        whole("cold-start; delay=15ms", .json, json), whole("hang; for=15ms", .stream, a + u + c + last),
        whole("stall; frames=2; for=15ms", .stream, a + u + c + last), whole("stall; bytes=3; for=15ms", .json, json),
        whole("slow-drip; bytesPerSecond=700", .json, json),
        whole("corrupt; split-utf8; pause=15ms", .json, json),
    ]

    static let cuts =
        cut("accept", .stream, nil, []) + cut("request", .stream, nil, []) + cut("headers", .stream, 200, [])
        + cut("frame 1", .stream, 200, a) + cut("frame 3", .stream, 200, a + u + c)
        + cut("byte 4", .stream, 200, chunk("data")) + cut("headers", .json, 200, [])
        + cut("byte 18", .stream, 200, a + chunk(#"data: ""#)) + cut("byte 8", .json, 200, Array(json[..<8]))

    static let corruptions = [
        whole("corrupt; invalid-json", .json, Array(json.dropLast())),
        whole("corrupt; invalid-json", .stream, chunk("data: \"a\n\n") + u + c + last),
        whole(
            "corrupt; split-utf8", .stream,
            a + chunk(Array(#"data: ""#.utf8) + [0xC3]) + chunk([0xBC] + Array("\"\n\n".utf8)) + c + last),
        whole("corrupt; missing-blank-line", .stream, chunk("data: \"a\"\n") + u + c + last),
        whole("corrupt; duplicate; frame=2", .stream, a + u + u + c + last),
        whole("corrupt; reorder", .stream, u + a + c + last),
        whole("corrupt; wrong-length", .json, json),
        whole(
            "agent-error-event; frames=1; error=no; errorType=No", .stream,
            a
                + chunk(
                    #"data: {"error": "no", "error_type": "No", "message": "An error occurred during streaming"}"#
                        + "\n\n") + last),
    ]

    // MARK: Tests

    @Test("bytes, ending, and what the journal says of it", arguments: refusals + delays + cuts + corruptions)
    func rows(row: Row) async throws {
        let server = try TestServer.emulating(Self.scenario)
        let client = try server.client()
        client.send(Self.request(row.fault, row.prompt))
        let (bytes, end) = client.receiveAllBytes()
        let (head, body) = Self.parts(bytes)
        #expect(row.status.map { head.hasPrefix("HTTP/1.1 \($0) ") } ?? bytes.isEmpty)
        #expect(body == row.body, "\(String(decoding: body, as: UTF8.self))")
        #expect(end == row.end)
        let calls = await server.stop()
        #expect(calls.count == 1 && calls[0].faults == [String(row.fault.prefix { $0 != ";" })])
        #expect(calls[0].ending?.outcome == row.outcome)
    }

    @Test("what is delayed is never early", arguments: delays)
    func delayed(row: Row) async throws {
        let server = try TestServer.emulating(Self.scenario)
        let client = try server.client()
        let clock = ContinuousClock()
        let begun = clock.now
        client.send(Self.request(row.fault, row.prompt))
        _ = client.receiveAllBytes()
        #expect(clock.now - begun >= .milliseconds(15))
        let ended = try #require(await server.stop().first?.ending?.ended)
        #expect(ended >= 15_000_000)
    }

    @Test("an error has the fields that were asked for; a wrong length is a byte too many")
    func heads() async throws {
        let server = try TestServer.emulating(Self.scenario)
        func answer(_ fault: String) throws -> RawClient.Answer {
            let client = try server.client()
            client.send(Self.request(fault, .json))
            return client.receiveAnswer(toHead: true)
        }
        let refusal = try answer("error; status=503; headers.X-Cause=drill; retryAfter=2s")
        #expect(refusal.head.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(refusal.field("X-Cause") == "drill" && refusal.field("Retry-After") == "2")
        #expect(refusal.field("x-amzn-ErrorType") == "ServiceUnavailableException")
        #expect(try answer("corrupt; wrong-length").field("Content-Length") == "\(Self.json.count + 1)")
        _ = await server.stop()
    }

    @Test("noise has the length of what it stands for, and is no UTF-8")
    func garbage() async throws {
        let server = try TestServer.emulating(Self.scenario)
        let client = try server.client()
        client.send(Self.request("corrupt; garbage", .json))
        let body = Self.parts(client.receiveAllBytes().bytes).body
        #expect(body.count == Self.json.count && String(validating: body, as: UTF8.self) == nil)
        _ = await server.stop()
    }

    @Test(
        "who hangs or stalls for good holds the connection until the server ends",
        arguments: [
            ("hang", Prompt.json, []), ("stall; frames=0", .stream, []), ("stall; frames=2", .stream, a + u),
            ("stall; frames=3", .stream, a + u + c), ("stall; bytes=4", .json, Array(json[..<4])),
        ])
    func forGood(fault: String, prompt: Prompt, body: [UInt8]) async throws {
        let server = try TestServer.emulating(Self.scenario)
        let client = try server.client()
        client.send(Self.request(fault, prompt))
        let head = fault == "hang" ? "" : client.receive(through: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200") == (fault != "hang"))
        #expect(client.receive(count: body.count) == body)
        await server.when { $0.log.record(of: 1).map { _ in () } }
        let calls = await server.stop()
        #expect(client.receiveAll().text.isEmpty)
        #expect(calls[0].ending?.outcome == .hung && calls[0].faults == [String(fault.prefix { $0 != ";" })])
    }

    @Test("the clock is skewed, the keys are new, the issuer is out")
    func trust() async throws {
        let server = try TestServer.trusting()
        let client = try server.client()
        let token = try #require(client.control("POST", "tokens").1["token"]?.text)
        func call(_ fault: String = "") -> RawClient.Answer {
            client.send(Self.request(fault, .json, "Authorization: Bearer \(token)\r\n", keepsAlive: true))
            return client.receiveAnswer()
        }
        func keys() -> RawClient.Answer {
            client.send("GET /us-east-1_Understudy/.well-known/jwks.json HTTP/1.1\r\nHost: h\r\n\r\n")
            return client.receiveAnswer()
        }
        #expect(call().status == 200)
        let early = call("clock-skew; offset=2h")
        #expect(early.status == 403 && early.body.contains("Ineffectual token, will expire within the next minute"))

        let before = keys()
        let rotated = call("key-rotation")
        #expect(rotated.status == 401 && rotated.body.contains("Token signing key not found."))
        #expect(keys().body != before.body)

        #expect(client.control("POST", "faults", #"{"fault": "jwks-outage", "on": {"calls": "1"}}"#).0 == 201)
        #expect(keys().head.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(keys().status == 200)
        let faults = await server.stop().map(\.faults)
        #expect(faults == [[], ["clock-skew"], [], ["key-rotation"], [], ["jwks-outage"], []])
    }

    @Test("no fault is left out")
    func complete() {
        let shown = (Self.refusals + Self.delays + Self.cuts + Self.corruptions).map {
            String($0.fault.prefix { $0 != ";" })
        }
        let trust = ["clock-skew", "key-rotation", "jwks-outage"]
        let ofConversations = ["ws-close", "ws-drop"]
        #expect(Set(shown + trust + ofConversations) == Set(Vocabulary.complete().faults))
    }

    // MARK: Bytes

    private static func request(
        _ fault: String, _ prompt: Prompt, _ fields: String = "", keepsAlive: Bool = false
    ) -> String {
        let body = #"{"prompt":"\#(prompt)"}"#
        let header = fault.isEmpty ? "" : "X-Understudy-Fault: \(fault)\r\n"
        let connection = keepsAlive ? "" : "Connection: close\r\n"
        return "POST \(path) HTTP/1.1\r\nHost: h\r\n\(connection)\(header)\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func parts(_ bytes: [UInt8]) -> (head: String, body: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return ("", bytes) }
        return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[end...]))
    }
}

extension TestServer {
    /// The built-in library, and nobody gets in whose token is not good.
    fileprivate static func trusting() throws -> TestServer {
        let scenario = ScenarioFile.read(Array(BuiltIn.text.utf8), fileName: BuiltIn.name, .complete()).0
        let understudy = try Understudy(
            scenario: try #require(scenario), settings: Understudy.Settings(seed: 1),
            now: Instant(seconds: 1_768_478_400))
        return try TestServer(answering: understudy, state: understudy.state)
    }
}
