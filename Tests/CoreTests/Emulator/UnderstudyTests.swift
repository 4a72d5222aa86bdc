import Access
import Bytes
import Delivery
import Emulator
import HTTPWire
import JSON
import Journal
import Library
import Rules
import Support
import Testing

@Suite("Understudy") struct UnderstudyTests {
    @Test("a signed call to the built-in library is answered with its words and journaled with its caller")
    func signedCall() throws {
        let reply = try Stage().invokeSigned(#"{"prompt":"Hello"}"#)
        #expect(reply.status == 200)
        #expect(reply.json?["response"]?["content"]?[0]?["text"]?.text == "Hello")
        #expect(reply.call.operation == "InvokeAgentRuntime")
        #expect(reply.call.agent == Stage.arn)
        #expect(reply.call.auth?.verdict == .allowed)
        #expect(reply.call.principal == "test")
        #expect(reply.call.rule == "echo")
    }

    @Test("every call has a number, also a refused one and one at a wrong door")
    func numbers() throws {
        let stage = try Stage()
        let numbers = [
            try stage.invoke().call.number, try stage.call("GET", "/nowhere").call.number,
            try stage.invokeSigned().call.number,
        ]
        #expect(numbers == [1, 2, 3])
    }

    @Test("the same seed makes the same identifiers, whatever happens in between")
    func seeds() throws {
        let (one, other) = (try Stage(), try Stage())
        let first = try one.invokeSigned().field("x-amzn-RequestId")
        _ = try other.call("GET", "/nowhere")
        let second = try one.invokeSigned().field("x-amzn-RequestId")
        #expect(try other.invokeSigned().field("x-amzn-RequestId") == second)
        #expect(first != second)
    }

    @Test("a request that HTTP forbids is answered and journaled too")
    func refused() throws {
        let stage = try Stage()
        let head = Request(
            head: Array("BAD".utf8), method: 0..<3, target: 3..<3, path: 3..<3, query: nil, minorVersion: 1, fields: [])
        let answer = stage.understudy.receiveRefused(
            status: 400, message: "no", head: head, arrived: Stage.noon, inFlight: 1)
        switch answer {
        case .deliver(let answered):
            let (number, reply) = (answered.call.number, try Stage.reply(answered.call, answered.script.steps))
            #expect(number == 1)
            #expect(reply.message == "no" && answered.call.why == "no")
            #expect(reply.field("x-amzn-ErrorType") == "MalformedHttpRequestException")
            #expect(reply.field("x-amzn-RequestId")?.count == 36 && reply.field("X-Understudy-Call") == "1")
        case .fetch: Issue.record("a document is asked for")
        case .forward: Issue.record("it is passed on")
        case .replay: Issue.record("a recording answers")
        case .read: Issue.record("the journal is asked")
        case .converse: Issue.record("a conversation is opened")
        }
    }

    @Test("what the journal gets holds no signature, no token and no secret of the answer")
    func redaction() throws {
        let reply = try Stage().invokeSigned("{}")
        let kept = String(lossy: CallRecord(reply.call).bytes)
        #expect(kept.contains("Authorization: [redacted]"))
        #expect(!kept.contains("Credential=") && !kept.contains("AWS4"))
        #expect(reply.call.auth?.scheme == "sigv4" && reply.call.principal == "test")
    }

    @Test("another scenario holds from the next call on, and a bad one changes nothing")
    func replacing() throws {
        let stage = try Stage(script(#"{"reply": {"text": "old"}}"#))
        #expect(try stage.invoke().body == "old")
        let other = script(#"{"reply": {"text": "new"}}"#)
        let read = ScenarioFile.read(Array(other.utf8), fileName: "x", .complete()).0
        try stage.understudy.state.replace(try #require(read), now: Stage.noon)
        #expect(try stage.invoke().body == "new")
        var bad = Scenario()
        bad.rules = [Rule(reply: Reply(.file("nowhere.bin")))]
        #expect(throws: ScenarioRefusal.self) { try stage.understudy.state.replace(bad, now: Stage.noon) }
        #expect(try stage.invoke().body == "new")
    }

    @Test("another scenario keeps what is known of issuers, and the keys that the own one signs with; a reset does not")
    func keptOverScenarios() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let scenario = stage.understudy.state.library.scenario
        func bearer() throws -> [(String, String)] {
            let token = try stage.understudy.state.token(
                for: ["agent": .string(Stage.arn)], base: "http://127.0.0.1:8787", space: nil, now: Stage.noon)
            return [("Authorization", "Bearer \(token)")]
        }
        let old = try bearer()
        #expect(try stage.invoke("{}", old).call.auth?.verdict == .allowed)
        try stage.arm(#"{"fault": "key-rotation"}"#)
        #expect(
            try [stage.invoke("{}", old).call.auth?.verdict, stage.invoke("{}", bearer()).call.auth?.verdict] == [
                .refused, .allowed,
            ])
        try stage.understudy.state.replace(scenario, now: Stage.noon)
        #expect(
            try [stage.invoke("{}", old).call.auth?.verdict, stage.invoke("{}", bearer()).call.auth?.verdict] == [
                .refused, .allowed,
            ])
        stage.understudy.state.reset(now: Stage.noon)
        #expect(try stage.invoke("{}", old).call.auth?.verdict == .allowed)
    }

    @Test("a document that could not be had is not asked for again because the scenario changed")
    func fetchedOnce() throws {
        let stage = try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#,
                agent:
                    #""arn": "*", "auth": {"jwt": {"discoveryUrl": "http://127.0.0.1:9/p/.well-known/openid-configuration", "allowedClients": ["c"]}}"#
            ),
            checksAccess: true)
        let token = try stage.understudy.state.token(
            for: [:], base: "http://127.0.0.1:8787", space: nil, now: Stage.noon)
        func answer() throws -> String {
            switch try stage.answer("POST", Stage.path + "/invocations", [("Authorization", "Bearer \(token)")]) {
            case .fetch(let url, _): return url
            case .forward: return "passed on"
            case .replay: return "replayed"
            case .deliver(let answered): return answered.call.auth?.verdict.rawValue ?? ""
            case .read: return "a look into the journal"
            case .converse: return "a conversation"
            }
        }
        #expect(try answer() == "http://127.0.0.1:9/p/.well-known/openid-configuration")
        stage.understudy.learn(url: try answer(), content: .failure(FetchFailure(reason: "refused")), now: Stage.noon)
        #expect(try answer() == "refused")
        try stage.understudy.state.replace(stage.understudy.state.library.scenario, now: Stage.noon)
        #expect(try answer() == "refused")
    }

    @Test("another scenario with other credentials lets in those, and nobody else")
    func credentials() throws {
        let stage = try Stage()
        #expect(try stage.invokeSigned().status == 200)
        var scenario = stage.understudy.state.library.scenario
        scenario.credentials = [.init(accessKeyId: "AKIDOTHER", secretAccessKey: "other")]
        try stage.understudy.state.replace(scenario, now: Stage.noon)
        #expect(try stage.invokeSigned().status == 403)
        #expect(try stage.invokeSigned(key: "AKIDOTHER", secret: "other").status == 200)
    }
}
