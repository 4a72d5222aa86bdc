import JSON
import Support
import Testing

@testable import UnderstudyCLI

@Suite("space") struct SpaceTests {
    private func serving(_ body: ([String]) throws -> Void) async throws {
        let server = try TestServer.emulating()
        try body(["--server", "http://127.0.0.1:\(server.port)"])
        _ = await server.stop()
    }

    @Test("add, list and remove")
    func life() async throws {
        try await serving { server in
            #expect(Ran(["space", "add", "a", "b"] + server).output == "made a\nmade b\n")
            _ = Ran(["fault", "add", "hang", "--space", "b"] + server)
            let listed = Ran(["space"] + server).lines
            #expect(listed[0] == "NAME     SESSIONS  FAULTS  CLOCK")
            #expect(
                listed.dropFirst().map { $0.prefix(25) } == [
                    "default  0         0     ", "a        0         0     ", "b        0         1     ",
                ])
            #expect(Ran(["space", "remove", "a"] + server).output == "dropped a\n")
            let json = try Value.parse(Ran(["space", "list", "--json"] + server).output)
            #expect(json["spaces"]?.array?.compactMap { $0["name"]?.text } == ["default", "b"])
        }
    }

    @Test("what the server refuses is told in its words")
    func refusals() async throws {
        try await serving { server in
            #expect(Ran(["space", "remove", "x"] + server).errors.contains("answers 404: there is no space “x”"))
            #expect(Ran(["space", "add", "a b"] + server).errors.contains("no name of a space"))
            #expect(Ran(["space", "add", "a b"] + server).exit == .badInput)
        }
    }

    @Test(
        "what is wrong is said",
        arguments: [
            (["add"], "name the spaces to add"), (["remove"], "name the spaces to remove"),
            (["list", "a"], "no words"),
            (["make", "a"], "“make” is none of"), (["--space", "a"], "unknown option --space"),
        ])
    func usage(words: [String], named: String) {
        let ran = Ran(["space"] + words)
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named), "\(ran.errors)")
    }
}
