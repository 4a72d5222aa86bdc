import Testing

@testable import UnderstudyCLI

@Suite("Which server, and which space of it") struct ServerOptionsTests {
    private func arguments(_ words: String...) throws -> Arguments {
        try Arguments(words, options: [ServerOptions.space] + ServerOptions.all)
    }

    @Test("the usual server, or the one that is named")
    func addresses() throws {
        #expect(try ServerOptions.client(arguments()).address.authority == "127.0.0.1:8787")
        #expect(try ServerOptions.client(arguments("--server", "http://[::1]:9")).address.authority == "[::1]:9")
        #expect(throws: Failure.self) { try ServerOptions.client(try arguments("--server", "localhost")) }
    }

    @Test("a space is a prefix of the path; whatever is typed is one segment")
    func targets() throws {
        #expect(ServerOptions.target(try arguments(), "faults", "a b/c?") == "/_understudy/faults/a%20b%2Fc%3F")
        #expect(ServerOptions.target(try arguments("--space", "w-1"), "clock") == "/_space/w-1/_understudy/clock")
        #expect(ServerOptions.target(try arguments("--space", "../x"), "clock") == "/_space/..%2Fx/_understudy/clock")
    }

    @Test("one space at a time")
    func twoSpaces() throws {
        #expect(throws: Failure.usage("--server names a space already: leave --space out")) {
            try ServerOptions.client(try arguments("--server", "http://127.0.0.1:1/_space/a", "--space", "b"))
        }
    }

    @Test("the first word says what to do")
    func verbs() throws {
        let verbs = ["add", "list"]
        let found = try ServerOptions.verb(try arguments("add", "x", "y"), among: verbs)
        #expect(found.verb == "add" && found.rest == ["x", "y"])
        #expect(try ServerOptions.verb(try arguments(), among: verbs, unless: "list").verb == "list")
        #expect(throws: Failure.usage("say add or list")) { try ServerOptions.verb(try arguments(), among: verbs) }
        #expect(throws: Failure.usage("“lst” is none of add or list; did you mean list?")) {
            try ServerOptions.verb(try arguments("lst"), among: verbs)
        }
    }
}
