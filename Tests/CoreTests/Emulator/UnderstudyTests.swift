import Bytes
import Delivery
import Emulator
import HTTPWire
import Scenarios
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
            let (number, reply) = (answered.call.number, try Stage.reply(answered.call, answered.steps))
            #expect(number == 1)
            #expect(reply.message == "no")
        case .fetch: Issue.record("not delivered")
        }
    }

    @Test("what the journal gets holds no signature, no token and no secret of the answer")
    func redaction() throws {
        let reply = try Stage().invokeSigned("{}")
        let kept = String(lossy: reply.call.request.head)
        #expect(kept.contains("Credential=test/"))
        #expect(kept.contains("Signature=[redacted]"))
    }

    @Test("another scenario holds from the next call on, and a bad one changes nothing")
    func replacing() throws {
        let stage = try Stage(script(#"{"reply": {"text": "old"}}"#))
        #expect(try stage.invoke().body == "old")
        let other = script(#"{"reply": {"text": "new"}}"#)
        let read = ScenarioFile.read(Array(other.utf8), fileName: "x").0
        try stage.understudy.replace(try #require(read), now: Stage.noon)
        #expect(try stage.invoke().body == "new")
        var bad = Scenario()
        bad.rules = [Rule(reply: Reply(.file("nowhere.bin")))]
        #expect(throws: ScenarioRefusal.self) { try stage.understudy.replace(bad, now: Stage.noon) }
        #expect(try stage.invoke().body == "new")
    }
}
