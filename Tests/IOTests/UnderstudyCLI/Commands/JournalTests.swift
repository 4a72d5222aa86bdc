import Glibc
import JSON
import Server
import Store
import Support
import Testing
import Time

@testable import UnderstudyCLI

@Suite("journal") struct JournalTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("calls.sqlite")
        let writer = try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }
        for number in 1...3 { writer.arrived(SampleCall.full(number)) }
        writer.close()
    }

    @Test("a file: a line a call for people, or an object a line")
    func files() throws {
        let ran = Ran("journal", path)
        #expect(ran.exit == .good && ran.errors.isEmpty && ran.lines.count == 3)
        #expect(ran.lines[0].hasPrefix("2026-01-15T12:00:00.000Z  #1  200  InvokeAgentRuntime  "))
        let objects = try Ran("journal", path, "--json").lines.map { try Value.parse($0) }
        #expect(objects.map { $0["number"] } == [1, 2, 3])
    }

    @Test("a server: the same", arguments: ["", "/", "/_understudy/calls"])
    func servers(suffix: String) async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.send("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.receiveAnswer().status == 404)
        let ran = Ran("journal", "http://127.0.0.1:\(server.port)\(suffix)")
        #expect(ran.exit == .good && ran.lines.count == 1 && ran.output.contains("#1  404  GET /nowhere"))
        _ = await server.stop()
    }

    @Test("a server that wants a control token gets it")
    func controlToken() async throws {
        var settings = ServingSettings()
        settings.controlToken = "secret-token"
        let server = try TestServer.emulating(settings: settings)
        let url = "http://127.0.0.1:\(server.port)"
        #expect(Ran("journal", url, "--control-token", "secret-token").exit == .good)
        #expect(Ran("journal", url).errors.contains("(--control-token shows it)"))
        #expect(Ran("journal", url, "--follow").exit == .badInput)
        _ = await server.stop()
    }

    @Test(
        "filters",
        arguments: [
            (["--status", "200"], 3), (["--status", "5xx"], 0), (["--agent", "restaurant*"], 3),
            (["--agent", "coach*"], 0),
            (["--space", "default"], 3), (["--rule", "sush?"], 3), (["--fault", "slow-drip"], 3),
            (["--fault", "hang"], 0),
            (["--unmatched"], 3), (["--trace", "Root=1-5759e988-bd862e3fe1be46a994272793"], 3),
            (["--trace", "1-2-3"], 0),
            (["--until", "2"], 2), (["--until", "5m"], 3), (["--since", "5m"], 0),
            (["--session", "session-2"], 1), (["--user", "u1"], 3), (["--user", "u2"], 0), (["--limit", "2"], 2),
            (["--operation", "InvokeAgentRuntime"], 3), (["--outcome", "completed,reset"], 3),
            (["--outcome", "hung"], 0),
            (["--since", "2"], 1), (["--since", "0"], 3), (["--since", "2026-01-15T12:00:00Z"], 3),
            (["--since", "2026-01-15T13:00:00+01:00"], 3), (["--since", "2026-01-15T12:00:01Z"], 0),
            (["--since", "100000d"], 3), (["--since", "1ms"], 0), (["--status", "2xx, 404", "--limit=1"], 1),
        ])
    func filters(words: [String], count: Int) {
        let ran = Ran(["journal", path] + words)
        #expect(ran.exit == .good && ran.lines.count == count, "\(ran.errors)")
    }

    @Test(
        "wrong filters are told by their option",
        arguments: [
            (["--limit", "0"], "--limit: "), (["--limit", "-1"], "--limit: "), (["--limit", "x"], "--limit: "),
            (["--limit", "99999999999999999999"], "--limit: "), (["--status", "9"], "--status: "),
            (["--status", "299-200"], "--status: "),
            (["--outcome", "won"], "--outcome: "), (["--since", "yesterday"], "--since: "),
            (["--since", "2026-02-30T00:00:00Z"], "--since: "),
            (["--colour", "red"], "unknown option --colour"), (["a", "b"], "name one journal"),
            (["--control-token", "x"], "--control-token is for a server"),
        ])
    func mistakes(words: [String], named: String) {
        let ran = Ran(["journal", path] + words)
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named))
        #expect(ran.errors.contains("journal --help"))
    }

    @Test("a duration ago is a moment")
    func since() throws {
        let arguments = try Arguments(["--since", "5m", "--limit", "1"], options: Command.journal.options)
        let now = try #require(Instant(rfc3339: Array("2026-01-15T12:00:00Z".utf8)))
        let filters = Command.journalFilters(arguments, now: now)
        #expect(filters.map(\.0) == ["limit", "since"])
        #expect(filters.last?.1 == "2026-01-15T11:55:00.000000000Z")
    }

    @Test("what is no journal is named as what it is")
    func strangers() throws {
        #expect(Ran("journal", folder.path("no.sqlite")).errors.contains("no.sqlite: there is no such file"))
        #expect(Ran("journal", "localhost:8787").errors.contains("a server is http://localhost:8787"))
        #expect(Ran("journal", "https://127.0.0.1:1").errors.contains("no server answers on 127.0.0.1:1"))
        #expect(
            Ran("journal", "http://127.0.0.1:1", "--ca", "x").errors.contains(
                "--ca is for a server that is asked over TLS"))
        #expect(Ran("journal", path, "--ca", "x").errors.contains("--ca is for a server, not for a file"))
        #expect(Ran("journal", "http://127.0.0.1:1").errors.contains("no server answers on 127.0.0.1:1"))
        #expect(Ran("journal", folder.path).errors.contains("is a folder, not a file"))
    }

    @Test("as a process: one line read of many is enough, without a word")
    func brokenPipe() throws {
        let program = try Program(["journal", path], output: .broken)
        #expect(program.end() == Program.End(code: 0))
    }

    @Test("as a process: followed until SIGINT or SIGTERM, a file and a server", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) async throws {
        let file = try Program(["journal", path, "--follow"])
        for _ in 1...3 { #expect(file.readLine() != nil) }
        file.send(signal)
        #expect(file.end() == Program.End(code: 0))

        let server = try TestServer.emulating()
        let client = try server.client()
        client.send("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.receiveAnswer().status == 404)
        let live = try Program(["journal", "http://127.0.0.1:\(server.port)", "--follow"])
        #expect(live.readLine()?.contains("#1  404") == true)
        live.send(signal)
        #expect(live.end() == Program.End(code: 0))
        _ = await server.stop()
    }

    @Test("as a process: a file is followed while it is written")
    func following() throws {
        let program = try Program(["journal", path, "--follow", "--limit", "1"])
        #expect(program.readLine()?.contains("#3  ") == true)
        let writer = try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }
        writer.arrived(SampleCall.full(1))
        #expect(writer.flush())
        #expect(program.readLine()?.contains("#1  ") == true)
        program.send(SIGINT)
        #expect(program.end() == Program.End(code: 0))
        writer.close()
    }
}
