import Delivery
import HTTPWire
import Recording
import Testing

/// A library of recorded calls.
func recordedScript(_ calls: String, rules: String = "", replay: String = "{}") -> String {
    #"{"understudy": 1, "agents": [{"arn": "*"}], "rules": [\#(rules)], "replay": \#(replay), "recorded": [\#(calls)]}"#
}

/// One of them, whole.
func recorded(_ prompt: String, _ answer: String, session: String? = nil, more: String = "") -> String {
    let session = session.map { #""session": "\#($0)","# } ?? ""
    return #"""
        {"recording": "a", "agent": "\#(Stage.arn)", \#(session) \#(more) "request": {"json": {"prompt": "\#(prompt)"}},
         "reply": {"headers": {"Content-Type": "text/plain"}, "text": "\#(answer)"}}
        """#
}

@Suite("Recordings that answer") struct ReplayStageTests {
    private static func asking(_ prompt: String) -> String { #"{"prompt": "\#(prompt)"}"# }
    private static let ids = (0..<9).map { "client-\($0)-0123456789-0123456789-0123456789" }

    private static func head(_ step: Step) -> ResponseHead? { if case .head(let head) = step { head } else { nil } }
    private static func run(_ step: Step) -> FrameRun? { if case .frames(let run) = step { run } else { nil } }

    private func answers(_ stage: Stage, _ prompts: [String], session: String? = Self.ids[0]) throws -> [String] {
        try prompts.map { try stage.invoke(Self.asking($0), session: session).body }
    }

    private func options(_ mode: ReplayOptions.Mode) -> ReplayOptions {
        var options = ReplayOptions()
        options.mode = mode
        return options
    }

    @Test("of equal calls the next unused one answers, the last again and again; JSON is compared by value")
    func equals() throws {
        let stage = try Stage(
            recordedScript(
                [recorded("hi", "1", session: "S-1"), recorded("hi", "2", session: "S-1")].joined(separator: ",")))
        #expect(try answers(stage, ["hi", "hi", "hi"]) == ["1", "2", "2"])
        let call = try stage.invoke(#" { "prompt" : "h\u0069" } "#, session: Self.ids[1]).call
        #expect(call.recording == "a" && call.rule == nil && call.reply?.status == 200)
    }

    @Test(
        "sessions are bound by their first call, each to the one that is bound least often, with cursors of their own")
    func sessions() throws {
        let calls = ["s", "t"].flatMap { (letter: String) in
            let id = "recorded-\(letter)"
            return [recorded("hi", "\(letter)1", session: id), recorded("bye", "\(letter)2", session: id)]
        }
        let stage = try Stage(recordedScript(calls.joined(separator: ",")))
        #expect(try answers(stage, ["hi"], session: Self.ids[0]) == ["s1"])
        #expect(try answers(stage, ["hi"], session: Self.ids[1]) == ["t1"])
        #expect(try answers(stage, ["hi", "bye"], session: Self.ids[2]) == ["s1", "s2"])
        #expect(try answers(stage, ["bye"], session: Self.ids[1]) == ["t2"])
        #expect(try answers(stage, ["bye"], session: Self.ids[0]) == ["s2"])
        stage.understudy.state.reset(now: stage.now)
        #expect(try answers(stage, ["bye"], session: Self.ids[1]) == ["s2"])
    }

    @Test("a session that is recorded is bound to itself")
    func itself() throws {
        let old = Self.ids[7]
        let calls = [recorded("hi", "other", session: "S-1"), recorded("hi", "mine", session: old)]
        let stage = try Stage(recordedScript(calls.joined(separator: ",")))
        #expect(try answers(stage, ["hi"], session: old) == ["mine"])
        #expect(try answers(stage, ["hi"], session: Self.ids[0]) == ["other"])
    }

    @Test("what the bound session lacks is looked for in all, and spaces do not disturb one another")
    func beyond() throws {
        let calls = [
            recorded("hi", "s1", session: "S-1"), recorded("bye", "t2", session: "T-1"), recorded("bye", "u2"),
        ]
        let stage = try Stage(recordedScript(calls.joined(separator: ",")))
        #expect(try answers(stage, ["hi", "bye", "bye", "bye"]) == ["s1", "t2", "u2", "u2"])
        let path = "/_space/w" + Stage.path
        #expect(try stage.invoke(Self.asking("bye"), path: path, session: Self.ids[0]).body == "t2")
    }

    @Test("who sends no session id gets one equal call after the other, too")
    func anonymous() throws {
        let calls = [recorded("hi", "1"), recorded("hi", "2")]
        let stage = try Stage(recordedScript(calls.joined(separator: ",")))
        #expect(try answers(stage, ["hi", "hi", "hi"], session: nil) == ["1", "2", "2"])
        #expect(try answers(stage, ["hi"], session: Self.ids[0]) == ["1"])
    }

    @Test("in sequence the payload does not matter, and there is nothing behind the last call")
    func sequence() throws {
        let calls = [recorded("hi", "1", session: "S-1"), recorded("bye", "2", session: "S-1")]
        let stage = try Stage(recordedScript(calls.joined(separator: ",")), replay: options(.sequence))
        #expect(try answers(stage, ["x", "y"]) == ["1", "2"])
        let end = try stage.invoke(Self.asking("z"), session: Self.ids[0])
        #expect(end.status == 404 && end.message?.contains("were all replayed") == true)
        #expect(try answers(stage, ["z"], session: Self.ids[1]) == ["1"])
    }

    @Test("by match alone, sessions are not looked at")
    func match() throws {
        let calls = ["s", "t"].map { recorded("hi", $0, session: "recorded-\($0)") }
        let stage = try Stage(recordedScript(calls.joined(separator: ",")), replay: options(.match))
        #expect(try answers(stage, ["hi", "hi", "hi"]) == ["s", "t", "t"])
    }

    @Test("volatile places are not compared, chosen header fields are, and a redacted place is anything")
    func asked() throws {
        let calls = """
            {"agent": "\(Stage.arn)", "request": {"headers": {"X-Tenant": "one"}, "json": {"id": 1, "a": [{"at": 7}], "b": 1.0}},
             "reply": {"text": "one"}},
            {"agent": "\(Stage.arn)", "request": {"json": {"token": "[token-1]", "note": "by [email-1] today"}},
             "reply": {"text": "two"}},
            {"agent": "\(Stage.arn)", "request": {"text": "Bearer [jwt-1]."}, "reply": {"text": "three"}}
            """
        let stage = try Stage(
            recordedScript(calls, replay: #"{"volatile": ["$.id", "$.a[*].at"], "headers": ["X-Tenant"]}"#))
        let tenant = [("x-tenant", "one")]
        #expect(try stage.invoke(#"{"b":1,"a":[{}],"id":2}"#, tenant).body == "one")
        #expect(try stage.invoke(#"{"b":1,"a":[{}]}"#).status == 404)
        #expect(try stage.invoke(#"{"token": 7, "note": "by x@y today"}"#).body == "two")
        #expect(try stage.invoke(#"{"token": 7, "note": "by x@y"}"#).status == 404)
        #expect(try stage.invoke("Bearer e.y.z.").body == "three")
    }

    @Test("the recorded session's id becomes the new one, also where frames share it")
    func renamed() throws {
        let frames =
            #"{"at": "1ms", "text": "id: recor"}, {"at": "2ms", "text": "ded"}, {"at": "3ms", "text": "-1; recorded-1"}"#
        let call = #"""
            {"agent": "\#(Stage.arn)", "session": "recorded-1", "request": {"json": {}},
             "reply": {"headers": {"X-Log": "a/recorded-1", "Content-Length": "30"}, "frames": [\#(frames)]}}
            """#
        let reply = try Stage(recordedScript(call)).invoke("{}", session: Stage.session)
        #expect(reply.body == "id: \(Stage.session); \(Stage.session)")
        #expect(reply.field("X-Log") == "a/\(Stage.session)")
        let run = try #require(reply.steps.lazy.compactMap(Self.run).first)
        #expect(run.script.frames.map { String(decoding: $0.bytes, as: UTF8.self) }.prefix(2) == ["id: sessi", "on-"])
        #expect((0..<3).map { run.due($0) } == [1_000_000, 2_000_000, 3_000_000])
        let head = try #require(reply.steps.lazy.compactMap(Self.head).first)
        #expect(head.length == .known(reply.body.utf8.count))
    }

    @Test(
        "an answer ends as it ended, at its moment",
        arguments: [
            ("completed", Step.end), ("reset", .reset), ("closed", .close), ("hung", .hang), ("client-closed", .close),
        ])
    func endings(outcome: String, last: Step) throws {
        let call = #"""
            {"agent": "\#(Stage.arn)", "request": {"json": {}}, "outcome": "\#(outcome)",
             "reply": {"status": 500, "at": "5ms", "headers": {"Content-Length": "100"},
               "frames": [{"at": "7ms", "text": "a"}], "ended": "20ms"}}
            """#
        let reply = try Stage(recordedScript(call)).invoke()
        #expect(reply.status == 500 && reply.steps.last == last && reply.steps.first == .wait(until: 5_000_000))
        #expect(reply.steps.dropLast().last == .wait(until: 20_000_000))
        let head = try #require(reply.steps.lazy.compactMap(Self.head).first)
        #expect(head.length == .known(outcome == "completed" ? 1 : 100))
    }

    @Test(
        "what broke off before any answer breaks off so again", arguments: [("reset", Step.reset), ("closed", .close)])
    func nothing(outcome: String, last: Step) throws {
        let call = #"""
            {"agent": "\#(Stage.arn)", "request": {"json": {}}, "outcome": "\#(outcome)",
             "reply": {"at": "0s", "frames": [], "ended": "20ms"}}
            """#
        let (_, steps) = try Stage(recordedScript(call)).delivery("POST", Stage.path + "/invocations", [], "{}")
        #expect(steps.compactMap(Self.head).isEmpty && steps.suffix(2) == [.wait(until: 20_000_000), last])
    }

    @Test("silences are as long as they may be, and time passes as fast as is asked")
    func pace() throws {
        let call = #"""
            {"agent": "\#(Stage.arn)", "request": {"json": {}},
             "reply": {"at": "1s", "frames": [{"at": "1s", "text": "a"}, {"at": "61s", "text": "b"}], "ended": "62s"}}
            """#
        var options = ReplayOptions()
        options.longestStall = .seconds(5)
        let capped = try Stage(recordedScript(call), replay: options).invoke()
        #expect(capped.steps.lastDue == 7_000_000_000)
        let stage = try Stage(recordedScript(call))
        try stage.space().speed = 10
        #expect(try stage.invoke().steps.lastDue == 6_200_000_000)
        try stage.space().speed = Speed.most
        #expect(try stage.invoke().steps.lastDue == 0)
    }

    @Test("rules go before recordings, and faults bend what is replayed")
    func overridden() throws {
        let rule =
            #"{"name": "mine", "when": {"payload": [{"path": "$.prompt", "equals": "hi"}]}, "reply": {"text": "rule"}}"#
        let calls = [recorded("hi", "1"), recorded("bye", "2")].joined(separator: ",")
        let stage = try Stage(recordedScript(calls, rules: rule))
        #expect(try answers(stage, ["hi", "bye"]) == ["rule", "2"])
        try stage.arm(#"{"fault": "reset", "at": "byte 1"}"#)
        let (_, steps) = try stage.delivery(
            "POST", Stage.path + "/invocations", [], Self.asking("bye"))
        #expect(steps.last == .reset)
    }

    @Test("a call that nothing answers is told of the nearest recorded one, and where that first differs")
    func nearest() throws {
        let calls = [recorded("other", "1", session: "S-1"), recorded("hello", "2", session: "S-1")]
        let stage = try Stage(recordedScript(calls.joined(separator: ",")))
        let reply = try stage.invoke(#"{"prompt": "hello", "more": 1}"#)
        #expect(reply.status == 404 && reply.field("x-amzn-ErrorType") == "ResourceNotFoundException")
        #expect(
            reply.message
                == "No recorded call answers this one. The nearest is recorded call 2 of the recording “a” (session S-1): "
                + "its payload has nothing at $.more, this one's 1.")
        let other = try stage.invoke("{}", path: Stage.path.replacing("hosted", with: "other"))
        #expect(other.message?.hasPrefix("No call of this agent is recorded. There are calls of arn:") == true)
        let qualifier = try stage.call("POST", Stage.path + "/invocations?qualifier=DEFAULT", [], "7")
        #expect(qualifier.message?.contains("its payload has {\"prompt\":\"other\"} at $, this one's 7") == true)
    }
}
