import Delivery
import Emulator
import Testing
import Time

@Suite("Settle stage") struct SettleStageTests {
    @Test("a session idles from when its last answer is complete, also one that a fault made slow")
    func busy() throws {
        let stage = try Stage(
            script(
                #"{"reply": {"text": "{{call}}", "delay": "30s"}}"#,
                agent: #""arn": "*", "session": {"idleTimeout": "60s"}"#))
        func call(after seconds: Int) throws -> String {
            stage.now = stage.now + .seconds(seconds)
            return try stage.invoke().body
        }
        #expect(try [call(after: 0), call(after: 89), call(after: 90)] == ["1", "2", "1"])
        try stage.arm(#"{"fault": "latency", "delay": "50s"}"#)
        #expect(try [call(after: 89), call(after: 139), call(after: 140)] == ["2", "3", "1"])
    }

    private static let stream =
        #"{"reply": {"stream": {"firstAfter": "10s", "every": "10s", "events": [{"text": "a"}, {"text": "b"}, {"text": "c"}]}}}"#

    private func stage(_ lifetime: String) throws -> Stage {
        try Stage(script(Self.stream, agent: #""arn": "*", "session": {"maxLifetime": "\#(lifetime)"}"#))
    }

    @Test("a stream is cut where its session's lifetime is over, and the journal knows of no more")
    func cut() throws {
        let stage = try stage("40s")
        #expect(try stage.invoke().steps.last == .end)
        stage.now = stage.now + .seconds(15)
        let late = try stage.invoke()
        #expect(late.steps.suffix(2) == [.wait(until: 25_000_000_000), .close])
        #expect(late.body == "data: a\n\ndata: b\n\n" && late.call.reply?.frames?.range == 0..<2)
        stage.now = stage.now + .seconds(25)
        #expect(try stage.invoke().steps.last == .end)
    }

    @Test("speed hastens the stream, not the session; a fault that makes it late lets it be cut")
    func speedAndFaults() throws {
        let stage = try stage("25s")
        #expect(try stage.invoke(session: nil).steps.last == .close)
        try stage.space().speed = 2
        #expect(try stage.invoke(session: nil).steps.last == .end)
        try stage.arm(#"{"fault": "latency", "delay": "1m"}"#)
        let (call, steps) = try stage.delivery("POST", Stage.path + "/invocations")
        #expect(steps == [.wait(until: 25_000_000_000), .close] && call.reply == nil)
    }
}
