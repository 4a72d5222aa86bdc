import JSON
import Support
import Testing

@testable import UnderstudyCLI

@Suite("diff") struct DiffTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, _ calls: [String]) throws -> String {
        let text = #"{"understudy": 1, "recorded": [\#(calls.joined(separator: ","))]}"#
        return try folder.write("\(name).json", text.utf8)
    }

    private func call(
        _ prompt: String, session: String = "recorded-1", status: Int = 200, answer: String = #"{"a": [1, 2]}"#,
        at: String = "10ms", outcome: String = "completed"
    ) -> String {
        #"""
        {"agent": "a", "session": "\#(session)", "request": {"json": {"prompt": "\#(prompt)"}}, "outcome": "\#(outcome)",
         "reply": {"status": \#(status), "headers": {"Date": "\#(at)"}, "frames": [{"at": "\#(at)", "text": \#(Value.string(answer).json())}]}}
        """#
    }

    @Test("the same calls in other sessions, a little later, do not differ")
    func same() throws {
        let one = try file("one", [call("x", answer: "in s1", at: "10ms"), call("y")])
        let other = try file(
            "other", [call("x", session: "client-77", answer: "in s1", at: "14ms"), call("y", session: "client-77")])
        let ran = Ran("diff", one, other)
        #expect(ran.exit == .good && ran.lines == ["nothing differs"])
        #expect(Ran("diff", one, other, "--json").lines == [#"{"differences":[]}"#])
        #expect(Ran("diff", one, other, "--tolerance", "1ms").exit == .verdictFailed)
    }

    @Test(
        "each kind of difference, with its place",
        arguments: [
            (#"{"a": [1, 3]}"#, 200, "10ms", "completed", #"calls[0].reply.body.a[1]: body: 2 / 3"#),
            (#"{"a": [1, 2]}"#, 500, "10ms", "completed", #"calls[0].reply.status: status: 200 / 500"#),
            (#"{"a": [1, 2]}"#, 200, "20ms", "completed", #"calls[0].reply.frames[0].at: timing: 10000 / 20000"#),
            (#"{"a": [1, 2]}"#, 200, "10ms", "reset", #"calls[0].outcome: outcome: "completed" / "reset""#),
        ])
    func kinds(answer: String, status: Int, at: String, outcome: String, line: String) throws {
        let one = try file("one", [call("x")])
        let other = try file("other", [call("x", status: status, answer: answer, at: at, outcome: outcome)])
        let ran = Ran("diff", one, other)
        #expect(ran.exit == .verdictFailed && ran.lines == [line])
        #expect(Ran("diff", other, other).exit == .good)
    }

    @Test("calls are paired by what they ask; one that the other file lacks is told as such")
    func pairs() throws {
        let one = try file("one", ["x", "y", "z"].map { call($0) })
        let other = try file("other", ["x", "z", "w"].map { call($0) })
        let ran = Ran("diff", one, other, "--json")
        let found = try Value.parse(ran.output)["differences"]?.array ?? []
        #expect(found.map { $0["path"]?.text } == ["calls[1]", "calls[2]"])
        #expect(found.first?["b"] == .null && found.last?["a"] == .null && found.allSatisfy { $0["what"] == "call" })
    }

    @Test("recordings are compared; what holds no calls is refused")
    func recordings() throws {
        let ran = Ran("diff", RecordingFixtures.path("uneven"), RecordingFixtures.path("agent"))
        #expect(ran.exit == .verdictFailed && ran.lines.count > 4)
        let empty = try folder.write("empty.json", #"{"understudy": 1}"#.utf8)
        #expect(Ran("diff", empty, empty).errors.contains("empty.json: holds no recorded calls"))
        #expect(Ran("diff", empty).exit == .badInput)
    }
}
