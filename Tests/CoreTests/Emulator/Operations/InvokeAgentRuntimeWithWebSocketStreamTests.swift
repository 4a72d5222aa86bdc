import Bytes
import Conversations
import Delivery
import Emulator
import HTTPWire
import Journal
import Library
import SigV4
import Support
import Testing
import Time
import WebSocketWire

@Suite("InvokeAgentRuntimeWithWebSocketStream") struct InvokeAgentRuntimeWithWebSocketStreamTests {
    static let opening = [
        ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]
    static let sessionField = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"

    static func stage(_ reply: String, faults: String = "") throws -> Stage {
        try Stage(
            """
            {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}], "faults": [\(faults)], "rules": [
              {"name": "talk", "operation": "InvokeAgentRuntimeWithWebSocketStream", "reply": {"websocket": {\(reply)}}}
            ]}
            """)
    }

    @Test("the opening is answered with the key's answer and the session, and what is said comes back in its kind")
    func echo() throws {
        let talk = try Talk(Self.stage(#""echo": true"#), Stage.path + "/ws", [(Self.sessionField, Stage.session)])
        #expect(talk.head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(talk.head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(talk.head.contains("\r\nConnection: Upgrade\r\n"))
        #expect(talk.head.contains("\r\nServer: understudy/1\r\n"))
        #expect(talk.head.contains("\r\n\(Self.sessionField): \(Stage.session)\r\n"))
        talk.say(.message(.text, Array("hi".utf8)), .ping([7]), .message(.binary, [1, 2]))
        #expect(talk.said == ["hi", "pongReceived([7])", "[1, 2]"])
        talk.say(.close(.normal, reason: "bye"))
        #expect(talk.said == ["close 1000 "])
        let report = try #require(talk.report)
        #expect(report.outcome == .completed)
        #expect(report.messages?.entries.map(\.bytes) == [2, 2, 2, 2, 5, 2])
    }

    @Test("messages are answered by the rules' own conditions and states, each after the one before it")
    func script() throws {
        let talk = try Talk(
            Self.stage(
                #"""
                "open": [{"json": {"hello": true}, "after": "50ms"}, {"text": "two", "after": "10ms"}],
                "messages": [
                  {"when": {"payload": [{"path": "$.prompt", "contains": "sushi"}], "state": "start"}, "then": "asked",
                   "send": [{"text": "{{payload.prompt}}"}, {"base64": "AAE=", "after": "20ms"}]},
                  {"when": {"state": "asked"}, "send": [{"text": "number {{call}}"}], "close": {"code": 4001, "reason": "{{state}}"}}]
                """#))
        #expect(talk.said == [])
        talk.wait(.milliseconds(50))
        #expect(talk.said == [#"{"hello": true}"#])
        talk.say(.message(.text, Array("pizza".utf8)), .message(.text, Array(#"{"prompt":"sushi!"}"#.utf8)))
        #expect(talk.said == ["sushi!"], "an answer does not wait for pushes that come later")
        talk.wait(.milliseconds(10))
        #expect(talk.said == ["two"])
        talk.wait(.milliseconds(10))
        #expect(talk.said == ["[0, 1]"])
        talk.say(.message(.text, Array("x".utf8)))
        #expect(talk.said == ["number 3", "close 4001 asked"])
        let pizza = try #require(talk.log.first { !$0.note.isEmpty })
        #expect(String(decoding: pizza.note, as: UTF8.self).contains(#""rule":"messages[0]""#))
        talk.say(.close(.normal, reason: ""))
        #expect(talk.report?.outcome == .closed)
    }

    @Test("an idle socket ends with its session, by the space's clock; a ping is no silence")
    func idling() throws {
        let stage = try Self.stage(#""echo": true"#)
        let talk = try Talk(stage)
        let space = try #require(stage.understudy.state.spaces.all.first)
        space.clock.advance(by: .seconds(14 * 60), real: stage.now)
        talk.stir()
        #expect(talk.said == [])
        talk.say(.ping([]))
        space.clock.advance(by: .seconds(16 * 60), real: stage.now)
        talk.stir()
        #expect(talk.said == ["pongReceived([])", "close 1001 The session was idle for too long"])
    }

    @Test(
        "after an hour it is over, however the space's clock got there: whoever pings would not have idled meanwhile",
        arguments: [
            [.seconds(3_600)], [.seconds(9 * 3_600)], [.seconds(14 * 60), .seconds(46 * 60)],
        ] as [[Duration]])
    func hour(jumps: [Duration]) throws {
        let stage = try Self.stage(#""echo": true"#)
        let talk = try Talk(stage)
        let space = try #require(stage.understudy.state.spaces.all.first)
        space.clock.freeze(true, real: stage.now)
        for jump in jumps {
            space.clock.advance(by: jump, real: stage.now)
            talk.stir()
        }
        talk.say(.ping([]))
        #expect(talk.said == ["close 1008 Max connection duration of 1 hour is exceeded"])
        #expect(talk.report?.outcome == nil, "the client's close is waited for")
        talk.say(.close(.policyViolated, reason: ""))
        #expect(talk.report?.outcome == .closed)
    }

    @Test("a client may send 250 frames a second, and ten thousand empty fragments are too many")
    func rate() throws {
        let talk = try Talk(Self.stage(#""echo": true"#))
        for _ in 0..<250 { talk.say(.ping([])) }
        #expect(talk.said.count == 250)
        talk.wait(.seconds(1))
        talk.hear(
            [0x01, 0x80, 0, 0, 0, 0] + [UInt8]((0..<10_000).flatMap { _ in [0x00, 0x80, 0, 0, 0, 0] as [UInt8] }))
        #expect(talk.said == ["close 1008 \(ConversationRules.tooManyFrames)"])
        #expect(talk.report?.outcome == .closed)
    }

    @Test(
        "faults strike after so many messages of the server",
        arguments: [
            (
                #"{"fault": "ws-close", "code": 1013, "reason": "later", "messages": 2}"#,
                ["a", "b", "close 1013 later"]
            ),
            (#"{"fault": "ws-close"}"#, ["close 1011 "]), (#"{"fault": "ws-drop", "messages": 1}"#, ["a"]),
            (#"{"fault": "stall", "frames": 1}"#, ["a"]), (#"{"fault": "reset", "at": "frame 2"}"#, ["a", "b"]),
        ])
    func faults(fault: String, said: [String]) throws {
        let talk = try Talk(Self.stage(#""echo": true"#, faults: fault))
        for word in ["a", "b", "c"] { talk.say(.message(.text, Array(word.utf8))) }
        #expect(talk.said == said)
    }

    @Test(
        "a delay holds for what it strikes, not for what is said after it",
        arguments: [
            (#"{"fault": "latency", "delay": "300ms"}"#, 300, [0, 0, 0]),
            (#"{"fault": "latency", "delay": "300ms", "at": "first-frame"}"#, 0, [300, 0, 0]),
            (#"{"fault": "latency", "delay": "300ms", "at": "every-frame"}"#, 0, [300, 300, 300]),
            (#"{"fault": "hang", "for": "300ms"}"#, 300, [0, 0, 0]),
            (#"{"fault": "cold-start", "delay": "300ms"}"#, 300, [0, 0, 0]),
            (#"{"fault": "stall", "frames": 1, "for": "300ms"}"#, 0, [0, 300, 0]),
        ])
    func delays(fault: String, opening: Int, answers: [Int]) throws {
        let talk = try Talk(Self.stage(#""echo": true"#, faults: fault))
        #expect(talk.milliseconds(until: { !talk.head.isEmpty }) == opening)
        for (number, expected) in answers.enumerated() {
            talk.wait(.milliseconds(200))
            talk.say(.message(.text, [65]))
            var said: [String] = []
            let took = talk.milliseconds {
                said += talk.said
                return !said.isEmpty
            }
            #expect(took == expected && said == ["A"], "\(number)")
        }
    }

    @Test(
        "a delayed push keeps no answer waiting that is due before it",
        arguments: [
            #"{"fault": "latency", "delay": "500ms"}"#,
            #"{"fault": "latency", "delay": "500ms", "at": "first-frame"}"#,
        ])
    func behindPushes(fault: String) throws {
        let pushes = #""open": [{"text": "now"}, {"text": "later", "after": "1s"}], "echo": true"#
        let talk = try Talk(Self.stage(pushes, faults: fault))
        talk.wait(.milliseconds(500))
        #expect(!talk.head.isEmpty && talk.said == ["now"])
        talk.wait(.milliseconds(600))
        talk.say(.message(.text, [65]))
        talk.stir()
        #expect(talk.said == ["A"], "though the push is late, too")
        talk.wait(.milliseconds(500))
        #expect(talk.said == ["later"])
    }

    @Test("each message is late by itself, however fast they come")
    func together() throws {
        let talk = try Talk(
            Self.stage(#""echo": true"#, faults: #"{"fault": "latency", "delay": "300ms", "at": "every-frame"}"#))
        talk.say(.message(.text, [65]), .message(.text, [66]))
        talk.wait(.milliseconds(100))
        talk.say(.message(.text, [67]))
        talk.wait(.milliseconds(199))
        #expect(talk.said.isEmpty)
        talk.wait(.milliseconds(1))
        #expect(talk.said == ["A", "B"])
        talk.wait(.milliseconds(100))
        #expect(talk.said == ["C"])
    }

    @Test("a fault that never came to act says so at the end")
    func inVain() throws {
        let talk = try Talk(
            Self.stage(#""echo": true"#, faults: #"{"name": "late", "fault": "ws-drop", "messages": 3}"#))
        talk.say(.message(.text, [65]), .close(.normal, reason: ""))
        let told = String(decoding: talk.report?.faults ?? [], as: UTF8.self)
        #expect(told.contains(#""applied":false"#) && told.contains("the reply has only 1 frame"))
    }

    @Test("the session by a parameter, the ARN as it is, and a browser's token")
    func browser() throws {
        let stage = try Stage()
        let token = try stage.understudy.state.token(
            for: [:], base: "http://127.0.0.1:8787", space: nil, now: Stage.noon)
        let offers = "base64UrlBearerAuthorization.\(Base64.url.encode(token.utf8)), base64UrlBearerAuthorization"
        let talk = try Talk(
            stage, "/runtimes/\(Stage.arn)/ws?\(Self.sessionField)=\(Stage.session)",
            [("Sec-WebSocket-Protocol", offers), ("Host", "127.0.0.1:8787")])
        #expect(talk.head.contains("\r\nSec-WebSocket-Protocol: base64UrlBearerAuthorization\r\n"))
        #expect(talk.head.contains("\r\n\(Self.sessionField): \(Stage.session)\r\n"))
        #expect(try stage.call("POST", "/runtimes/\(Stage.arn)/invocations").status == 404, "there alone")
        let short = try stage.call(
            "GET", Stage.path + "/ws?\(Self.sessionField)=short", Self.opening + [("Sec-WebSocket-Protocol", offers)])
        #expect(short.status == 400 && short.message?.contains("runtimeSessionId") == true)
    }

    @Test("a browser's token that was not encoded is refused, whoever judges it", arguments: ["any", "jwt"])
    func unencoded(auth: String) throws {
        let stage = try auth == "jwt" ? Stage(jwtScenario, checksAccess: true) : Stage()
        let token = try stage.understudy.state.token(
            for: [:], base: "http://127.0.0.1:8787", space: nil, now: Stage.noon)
        for said in [token, "\(token).", "eyJ", "%%%"] {
            let offers = "base64UrlBearerAuthorization.\(said), base64UrlBearerAuthorization"
            let fields = Self.opening + [("Sec-WebSocket-Protocol", offers), ("Host", "127.0.0.1:8787")]
            let reply = try stage.call("GET", Stage.path + "/ws", fields)
            #expect(reply.status == 403 && reply.message?.contains("Failed to parse token") == true, "\(said)")
        }
    }

    @Test(
        "what is no opening is answered as plain HTTP",
        arguments: [("Upgrade", "h2c", 426), ("Sec-WebSocket-Version", "8", 426), ("Sec-WebSocket-Key", "x", 400)])
    func refused(name: String, value: String, status: Int) throws {
        let fields = Self.opening.filter { $0.0 != name } + [(name, value)]
        let reply = try Self.stage(#""echo": true"#).call("GET", Stage.path + "/ws", fields)
        #expect(reply.status == status)
        #expect(reply.field("Sec-WebSocket-Version") == (status == 426 ? "13" : nil))
    }

    @Test("any other reply is an answer as to any call, and no rule says what came near")
    func others() throws {
        let stage = try Stage(
            """
            {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}], "rules": [
              {"qualifier": "DEFAULT", "when": {"header": {"X-Busy": "1"}},
               "operation": "InvokeAgentRuntimeWithWebSocketStream", "reply": {"error": "ThrottlingException"}}]}
            """)
        #expect(try stage.call("GET", Stage.path + "/ws", Self.opening + [("X-Busy", "1")]).status == 429)
        let missed = try stage.call("GET", Stage.path + "/ws", Self.opening)
        #expect(missed.status == 404 && missed.message?.contains("X-Busy") == true)
    }
}
