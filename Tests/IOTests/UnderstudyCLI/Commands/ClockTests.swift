import JSON
import Support
import Testing
import Time

@testable import UnderstudyCLI

@Suite("clock") struct ClockTests {
    private func serving(_ body: ([String]) throws -> Void) async throws {
        let server = try TestServer.emulating()
        try body(["--server", "http://127.0.0.1:\(server.port)"])
        _ = await server.stop()
    }

    @Test("shows, advances, sets and freezes")
    func moves() async throws {
        try await serving { server in
            let shown = Ran(["clock"] + server)
            #expect(shown.exit == .good && Instant(rfc3339: shown.lines[0].utf8) != nil)
            #expect(Ran(["clock", "advance", "59m"] + server).output.hasSuffix("  59m ahead\n"))
            #expect(Ran(["clock", "show"] + server).output.hasSuffix("  59m ahead\n"))
            #expect(Ran(["clock", "advance", "-60m"] + server).output.hasSuffix("  1m behind\n"))
            #expect(Ran(["clock", "freeze"] + server).output.contains("frozen"))
            let set = Ran(["clock", "set", "2026-01-15T12:00:00Z"] + server)
            #expect(set.output.hasPrefix("2026-01-15T12:00:00.000000000Z  ") && set.output.hasSuffix(", frozen\n"))
            let again = try Value.parse(Ran(["clock", "--json"] + server).output)
            #expect(again["now"] == "2026-01-15T12:00:00.000000000Z")
            #expect(!Ran(["clock", "unfreeze"] + server).output.contains("frozen"))
        }
    }

    @Test("a space has its own")
    func spaces() async throws {
        try await serving { server in
            #expect(Ran(["clock", "advance", "2h", "--space", "a"] + server).output.hasSuffix("  2h ahead\n"))
            #expect(Ran(["clock"] + server).lines[0].contains(" ") == false)
        }
    }

    @Test(
        "what is wrong is said",
        arguments: [
            (["advance"], "advance takes a duration"), (["set"], "set takes a time"),
            (["freeze", "x"], "takes no words"),
            (["advance", "1m", "2m"], "advance takes a duration"), (["tick"], "“tick” is none of show, advance, set"),
            (["--space"], "--space needs a value"),
        ])
    func usage(words: [String], named: String) {
        let ran = Ran(["clock"] + words)
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named), "\(ran.errors)")
    }

    @Test("what the server does not understand is told in its words")
    func refusals() async throws {
        try await serving { server in
            for words in [["advance", "soon"], ["set", "noon"]] {
                let ran = Ran(["clock"] + words + server)
                #expect(ran.exit == .badInput && ran.errors.contains("answers 400: “\(words[0])”"), "\(ran.errors)")
            }
        }
    }
}
