import Delivery
import Emulator
import Forwarding
import HTTPWire
import JSON
import Journal
import Support
import Testing

@testable import Server

/// Two servers: one that passes calls on, and one behind it that answers as the test says.
@Suite("An answer of another side") struct ForwardedAnswerTests {
    private static let path = "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012"
    private static let agents = #""understudy": 1, "agents": [{"arn": "*", "auth": "none"}]"#

    private func front(
        _ scenario: String = "{\(agents)}", _ kind: Destination.Kind = .service, port: UInt16, below path: String = "",
        timeout: Int64? = nil
    ) throws -> TestServer {
        var settings = TestServer.patient
        if let timeout { settings.upstreamTimeout = timeout }
        var forward = ForwardSettings()
        forward.destination = Destination(kind, "http://127.0.0.1:\(port)\(path)")
        return try TestServer.emulating(scenario, settings: settings, forward: forward)
    }

    private func post(_ body: String = "{}", _ fields: String = "", path: String = path) -> String {
        "POST \(path) HTTP/1.1\r\nHost: front\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }

    /// What came of a call that was answered by these steps, and its entry.
    private func outcome(
        of steps: [Step], _ kind: Destination.Kind = .service, scenario: String = "{\(agents)}", timeout: Int64? = nil
    ) async throws -> (text: String, end: RawClient.End, call: Value) {
        let back = try TestServer { $0.pathText == "/ping" ? .json("{}") : steps }
        let front = try front(scenario, kind, port: back.port, timeout: timeout)
        let client = try front.client()
        client.send(post("{}", "Connection: close\r\n"))
        let (text, end) = client.receiveAll()
        _ = await front.ended(1)
        let calls = await front.stop()
        _ = await back.stop()
        return (text, end, try #require(calls.first).json)
    }

    @Test("of an emulator behind this one nothing is told: a call's number is that of the journal here")
    func emulators() async throws {
        let back = try TestServer.emulating("{\(Self.agents), \"rules\": [{\"reply\": {\"text\": \"ok\"}}]}")
        let other = try back.client()
        for _ in 0..<2 {
            other.send(post())
            _ = other.receiveAnswer()
        }
        let front = try front(port: back.port)
        let client = try front.client()
        client.send(post())
        let answer = client.receiveAnswer()
        #expect(answer.pieces == ["ok"] && answer.field("X-Understudy-Call") == "1")
        #expect(answer.head.components(separatedBy: "X-Understudy-").count == 2)
        _ = await front.stop()
        _ = await back.stop()
    }

    @Test("an answer comes back as it is, and the other side sees what is meant for it")
    func whole() async throws {
        let back = try TestServer { _ in .json(#"{"a":1}"#, status: 201) }
        let front = try front(port: back.port, below: "/base")
        let client = try front.client()
        for number in 1...2 {
            client.send(
                post(
                    #"{"b":2}"#,
                    "X-Mine: yes\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Understudy-Space: w1\r\nTE: trailers\r\n",
                    path: "/_space/w1" + Self.path))
            let answer = client.receiveAnswer()
            #expect(answer.head.hasPrefix("HTTP/1.1 201 Created\r\n") && answer.pieces == [#"{"a":1}"#])
            #expect(answer.field("Content-Type") == "application/json")
            #expect(answer.field("X-Understudy-Call") == "\(number)")
        }
        let calls = await front.stop().map(\.json)
        #expect(calls[0]["status"] == 201 && calls[0]["reply"]?["body"] == #"{"a":1}"#)
        #expect(calls[0]["upstream"]?["url"]?.text == "http://127.0.0.1:\(back.port)/base")
        #expect(calls[0]["upstream"]?["status"] == 201 && calls[0]["upstream"]?["error"] == .null)
        let seen = await back.stop().map(\.json)
        #expect(seen.count == 2 && seen[0]["request"]?["path"]?.text == "/base" + Self.path)
        let headers = try #require(seen[0]["request"]?["headers"])
        #expect(headers["Host"]?.text == "127.0.0.1:\(back.port)" && headers["X-Mine"] == "yes")
        #expect(headers["Accept-Encoding"] == "identity" && headers["Content-Length"] == "7")
        for name in ["Connection", "X-Hop", "TE", "X-Understudy-Space", "Authorization", "X-Amz-Date"] {
            #expect(headers[name] == nil, "\(name)")
        }
        #expect(seen[0]["request"]?["body"] == #"{"b":2}"#)
    }

    @Test("a stream leaves piece by piece, split where its events end, and a fault cuts it like any other")
    func streamed() async throws {
        var fields = FieldBlock()
        fields.add("Content-Type", "text/event-stream")
        let steps: [Step] = [
            .head(ResponseHead(status: 200, fields: fields, length: .unknown)),
            .body(Array("data: 1\n\ndata: 2\n\n".utf8)), .wait(until: 20_000_000), .body(Array("data: 3\n\n".utf8)),
            .end,
        ]
        let plain = try await outcome(of: steps)
        #expect(plain.text.hasSuffix("9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n9\r\ndata: 3\n\n\r\n0\r\n\r\n"))
        #expect(
            plain.call["frames"]?[2] != nil && plain.call["frames"]?[3] == nil && plain.call["outcome"] == "completed")
        #expect(plain.call["reply"]?["body"] == "data: 1\n\ndata: 2\n\ndata: 3\n\n")
        let cut = try await outcome(
            of: steps,
            scenario: "{\(Self.agents), \"faults\": [{\"name\": \"cut\", \"fault\": \"close\", \"at\": \"frame 2\"}]}")
        #expect(cut.text.contains("data: 1\n\n") && !cut.text.contains("data: 3") && cut.end == .fin)
        #expect(cut.call["faults"]?[0]?["name"] == "cut" && cut.call["outcome"] == "closed")
    }

    @Test("what goes wrong behind is told as it is, and stands in the entry with its cause")
    func troubles() async throws {
        let reset = try await outcome(of: [.reset])
        #expect(reset.text.isEmpty && reset.end == .reset && reset.call["upstream"]?["error"] != .null)
        let closed = try await outcome(of: [.close])
        #expect(closed.text.isEmpty && closed.call["outcome"] == "closed")
        let late = try await outcome(of: [.hang], timeout: 30_000_000)
        #expect(late.text.hasPrefix("HTTP/1.1 504 ") && late.call["status"] == 504)
        let cut = try await outcome(of: .streamed(.body([0x31]), .close))
        #expect(cut.text.hasSuffix("\r\n\r\n1\r\n1\r\n") && cut.call["outcome"] == "closed")
        #expect(cut.call["upstream"]?["error"]?.text?.contains("before its answer was complete") == true)
        let short = try await outcome(of: [
            .head(ResponseHead(status: 200, fields: FieldBlock(), length: .known(9))), .body([0x31]), .close,
        ])
        #expect(short.text.contains("Content-Length: 9\r\n") && short.text.hasSuffix("\r\n\r\n1"))
        #expect(short.call["upstream"]?["status"] == 200)
    }

    @Test(
        "nobody there is 503, and no HTTP 502",
        arguments: [
            nil, "SSH-2.0-OpenSSH_9.9\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ])
    func unreadable(saying text: String?) async throws {
        let raw = try RawServer(saying: Array((text ?? "").utf8))
        if text == nil { await raw.stop() }
        let front = try front(port: raw.port)
        let client = try front.client()
        client.send(post())
        #expect(client.receiveAnswer().head.hasPrefix("HTTP/1.1 \(text == nil ? 503 : 502) "))
        let call = try #require(await front.stop().first).json
        #expect(call["upstream"]?["error"]?.text?.isEmpty == false && call["upstream"]?["status"] == .null)
        if text != nil { await raw.stop() }
    }

    @Test("an agent's failure is the platform's 424, and it sees what the platform would send")
    func agent() async throws {
        let failed = try await outcome(of: .json(#"{"error":"boom"}"#, status: 500), .agent)
        #expect(failed.text.hasPrefix("HTTP/1.1 424 "))
        #expect(
            failed.text.hasSuffix(
                #"{"message":"Received error (500) from runtime. Please check your CloudWatch logs for more information."}"#
            ))
        #expect(failed.call["upstream"]?["status"] == 500 && failed.call["status"] == 424)
        let absent = try await outcome(
            of: [.reset], .agent,
            scenario:
                #"{"understudy": 1, "agents": [{"arn": "*", "auth": "none", "session": {"initialization": "1s"}}]}"#)
        #expect(absent.text.contains("Received error (502)"))
    }

    @Test("only what the entry lists of the caller's fields reaches an agent")
    func allowed() async throws {
        let back = try TestServer { _ in .json("{}") }
        let front = try front(
            #"{"understudy": 1, "agents": [{"arn": "*", "auth": "none", "requestHeaders": ["X-Ok", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-*"]}]}"#,
            .agent, port: back.port)
        let client = try front.client()
        client.send(
            post(
                "{}",
                "X-Ok: 1\r\nX-No: 1\r\nX-Amzn-Bedrock-AgentCore-Runtime-Custom-A: 1\r\nAuthorization: Bearer x\r\n"))
        #expect(client.receiveAnswer().field("x-amzn-RequestId") != nil)
        _ = await front.stop()
        let seen = await back.stop().map(\.json)
        #expect(seen.map { $0["request"]?["path"] } == ["/ping", "/invocations"])
        let headers = try #require(seen[1]["request"]?["headers"])
        #expect(headers["X-Ok"] == "1" && headers["X-Amzn-Bedrock-AgentCore-Runtime-Custom-A"] == "1")
        #expect(headers["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"] != nil)
        #expect(headers["Content-Type"] == "application/octet-stream")
        #expect(headers["X-No"] == nil && headers["Authorization"] == nil)
    }

    @Test("a client that does not read holds the other side back")
    func backpressure() async throws {
        let piece = [UInt8](repeating: 0x61, count: 65_536)
        let back = try TestServer { _ in
            .streamed(
                .frames(
                    FrameRun(
                        script: FrameScript(
                            frames: Array(repeating: .init(bytes: piece, offset: 0, gap: 0), count: 400)), start: 0,
                        seed: 0)), .end)
        }
        let front = try front(port: back.port)
        let client = try front.client(receiveBuffer: 4_096)
        client.send(post())
        _ = client.receive(count: 1_000)
        // The server behind is stopped by a full socket, and the one in front holds little.
        #expect(await back.backlogs { $0 > 0 } > 0)
        #expect(await front.backlogs { $0 > 0 } < 1_000_000)
        client.close()
        _ = await front.stop()
        _ = await back.stop()
    }
}
