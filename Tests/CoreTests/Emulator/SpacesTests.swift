import JSON
import Testing
import Time

@testable import Emulator

@Suite("Spaces") struct SpacesTests {
    let stage: Stage

    init() throws {
        stage = try Stage(
            script(
                #"""
                {"when": {"state": "start"}, "then": "asked", "reply": {"text": "first"}}, {"reply": {"text": "again"}}
                """#))
    }

    private func invoke(_ space: String) throws -> String {
        try stage.invoke("{}", [("X-Understudy-Space", space)]).body
    }

    @Test("a space is made when it is named, has its own sessions, and can be dropped")
    func isolation() throws {
        #expect(
            try [invoke("a"), invoke("a"), invoke("b"), stage.invoke().body] == ["first", "again", "first", "first"])
        #expect(stage.understudy.state.spaces.all.map(\.name) == ["default", "a", "b"])
        let isRemoved = stage.understudy.state.spaces.remove("a", now: stage.now)
        #expect(isRemoved)
        #expect(try invoke("a") == "first")
        let wasThere = stage.understudy.state.spaces.remove("never", now: stage.now)
        #expect(!wasThere)
    }

    @Test("the sessions of all spaces together are bounded: everywhere the longest unused go first")
    func population() throws {
        for number in 0..<12 {
            stage.now = stage.now + .seconds(1)
            let fields = [("X-Understudy-Space", "s\(number % 4)")]
            _ = try stage.invoke("{}", path: Stage.path, session: "\(Stage.session)-\(number)", fields)
        }
        func sessions() -> [Int] { stage.understudy.state.spaces.all.map(\.sessionCount) }
        #expect(sessions() == [0, 3, 3, 3, 3])
        for _ in 0..<9 { stage.understudy.state.spaces.sessionBegan(most: 20) }
        #expect(sessions() == [0, 3, 3, 3, 3])
        stage.understudy.state.spaces.sessionBegan(most: 20)
        #expect(sessions() == [0, 1, 1, 1, 1])
        let newest = try stage.invoke(
            "{}", path: Stage.path, session: "\(Stage.session)-11", [("X-Understudy-Space", "s3")])
        #expect(newest.body == "again")
    }

    @Test("path, host and header name the same space, and a signature holds over the path as it was signed")
    func names() throws {
        #expect(try invoke("a") == "first")
        #expect(try stage.invoke("{}", path: "/_space/a" + Stage.path, session: Stage.session, []).body == "again")
        #expect(try stage.invoke("{}", [("Host", "a.localhost:8787")]).body == "again")
        #expect(try stage.invoke("{}", [("Host", "a.localhost:8787")]).call.space == "a")
        // The host of a target that is a whole URI counts, whatever the field says.
        let target = "http://a.localhost:8787\(Stage.path)/invocations"
        #expect(try stage.call("POST", target, [("Host", "b.localhost")], "{}").call.space == "a")
        let signed = try Stage()
        #expect(try signed.invokeSigned(prefix: "/_space/worker-1").call.space == "worker-1")
        #expect(try signed.invokeSigned(prefix: "/_space/worker-1").status == 200)
    }

    @Test("a fault armed in one space strikes nobody else; the library's are armed in all of them")
    func faults() throws {
        try stage.arm(#"{"fault": "error", "status": 503}"#, space: "a")
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "a")]).status == 503)
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "b")]).status == 200)
    }

    @Test("a name that no space may have is refused", arguments: ["a b", "-a", "a.b", ""])
    func invalid(name: String) throws {
        #expect(try stage.invoke("{}", [("X-Understudy-Space", name)]).status == 400)
        #expect(stage.understudy.state.spaces.space(named: name, now: stage.now) == nil)
    }

    @Test("ten thousand spaces are fine")
    func many() throws {
        for number in 0..<10_000 { _ = try stage.space("s\(number)") }
        #expect(stage.understudy.state.spaces.all.count == 10_001)
    }

    @Test("the usual space is called default, and every call says which it was in")
    func usual() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        #expect(try stage.invoke().call.space == "default")
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "default")]).call.space == "default")
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "w1")]).call.space == "w1")
    }
}
