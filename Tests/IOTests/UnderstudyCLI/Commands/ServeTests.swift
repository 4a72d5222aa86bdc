import CSQLite
import Foundation
import JSON
import Library
import Rules
import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("serve: the options") struct ServeTests {
    private func plan(_ words: String...) throws(Failure) -> ServePlan {
        try ServePlan(try Arguments(words, options: Command.serve.options), recordingInto: "--record")
    }

    @Test("without any, the contract's defaults")
    func defaults() throws {
        let plan = try plan()
        #expect(plan.server.host == "127.0.0.1" && plan.server.port == 8_787)
        #expect(plan.libraries.isEmpty && plan.journal == nil && plan.readyFile == nil)
        #expect(plan.emulator.checksAccess && plan.emulator.echoesSignatures)
        #expect(plan.server.journalLimit == 100_000 && plan.journalFileLimit == nil)
        #expect(plan.server.noteEnded != nil && plan.server.controlToken == nil)
        // JavaScript's numbers hold it, too.
        #expect(plan.emulator.seed < 1 << 53)
    }

    @Test("what they say is done")
    func options() throws {
        let plan = try plan(
            "a.json", "--host", "::1", "--port=0", "--seed", "18446744073709551615", "--auth", "off", "--auth-echo=off",
            "--journal", "j.sqlite", "--journal-limit", "5", "--ready-file", "r", "--control-token", "t", "--quiet",
            "b.sqlite")
        #expect(plan.libraries == ["a.json", "b.sqlite"] && plan.server.host == "::1" && plan.server.port == 0)
        #expect(plan.emulator.seed == .max && !plan.emulator.checksAccess && !plan.emulator.echoesSignatures)
        #expect(plan.journal == "j.sqlite" && plan.server.journalLimit == 5 && plan.journalFileLimit == 5)
        #expect(plan.readyFile == "r" && plan.server.controlToken == "t" && plan.server.noteEnded == nil)
    }

    @Test(
        "what they cannot mean is wrong usage",
        arguments: [
            (["--port", "99999"], "99999"), (["--port", "-1"], "-1"), (["--port", "many"], "many"),
            (["--seed", "-1"], "-1"),
            (["--seed", "18446744073709551616"], "18446744073709551616"), (["--seed", "x"], "x"),
            (["--auth", "perhaps"], "perhaps"),
            (["--auth-echo", "strict"], "strict"), (["--log", "xml"], "xml"), (["--journal-limit", "0"], "“0”"),
            (["--journal", "--quiet"], "--journal needs a value"),
            (["--ready-file", ""], "--ready-file needs a value"),
            (["--control-token", "a b"], "visible ASCII"), (["--replay", "twice"], "auto or sequence or match"),
            (["--volatile", "id"], "--volatile: \"id\" is not a path"),
            (["--match-header", "a b"], "--match-header: "),
            (["--longest-stall", "5"], "--longest-stall is 5"), (["--unmatched", "pass"], "needs an upstream"),
            (["--unmatched", "record"], "--unmatched record needs an upstream"),
            (["--unmatched", "record", "--forward", "http://127.0.0.1:1"], "--unmatched record needs --record FILE"),
            (["--port", "1", "--port", "2"], "--port is given twice"),
        ])
    func mistakes(words: [String], named: String) {
        let ran = Ran(["serve"] + words)
        #expect(ran.exit == .badInput && ran.output.isEmpty)
        #expect(ran.errors.contains(named) && ran.errors.contains("serve --help"))
    }
}

@Suite("serve: the process") struct ServeProcessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let echo = "/runtimes/a-ABCDEFGHIJ/invocations?accountId=123456789012"

    private func journal(_ name: String) throws -> [JSON.Value] {
        try Ran("journal", folder.path(name), "--json").lines.map { try Value.parse($0) }
    }

    @Test("one ready line, the same in the file, and a clean end by either signal", arguments: [SIGINT, SIGTERM])
    func ready(signal: Int32) throws {
        let serving = try ServingProgram("--quiet", "--seed", "7", "--ready-file", folder.path("ready.json"))
        #expect(serving.ready.pid == serving.program.pid && serving.ready.seed == 7 && serving.ready.version == version)
        #expect(serving.readyLine.hasPrefix(#"{"url":"http://127.0.0.1:\#(serving.port)","tls":null,"pid":"#))
        #expect(try String(decoding: folder.bytes("ready.json"), as: UTF8.self) == serving.readyLine + "\n")
        #expect(try folder.names == ["ready.json"])
        #expect(try serving.ask("GET", "/_understudy/health").status == 200)
        #expect(serving.stop(by: signal) == Program.End(code: 0, errors: ""))
        #expect(throws: RawClient.CannotConnect.self) { try serving.client() }
    }

    @Test("a port in use is an error that names it, and never another port")
    func portInUse() throws {
        let serving = try ServingProgram()
        let ran = try Program.run("serve", "--port", String(serving.port), "--ready-file", folder.path("ready"))
        #expect(
            ran.code == 2 && ran.output.isEmpty && ran.errors.contains("port \(serving.port) on 127.0.0.1 is in use"))
        #expect(try folder.names.isEmpty)
        #expect(serving.stop().code == 0)
    }

    @Test(
        "what is no address, or not of this machine",
        arguments: ["nowhere", "300.1.1.1", "192.0.2.1", "2001:db8::1", "127.0.0.1:80"])
    func addresses(host: String) throws {
        let ran = try Program.run("serve", "--port", "0", "--host", host)
        #expect(ran.code == 2 && ran.output.isEmpty && ran.errors.contains(host))
    }

    @Test("a stream that runs is ended by the first signal, and is in the journal as closed")
    func openStream() throws {
        let library = try folder.write(
            "slow.json",
            #"{"understudy": 1, "agents": [{"arn": "*", "auth": "none"}], "rules": [{"reply": {"stream": {"every": "1h", "events": [{"text": "one"}, {"text": "two"}]}}}]}"#
                .utf8)
        let serving = try ServingProgram(library, "--journal", folder.path("j.sqlite"))
        let client = try serving.client()
        client.send("POST \(Self.echo) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        #expect(client.receive(through: "data: one\n\n").contains("200 OK"))
        #expect(serving.stop(by: SIGINT).code == 0)
        let rest = client.receiveAll()
        #expect(!rest.text.contains("two") && !rest.text.contains("0\r\n\r\n") && rest.end == .fin)
        let calls = try journal("j.sqlite")
        #expect(calls.count == 1 && calls[0]["outcome"]?.text == "closed")
    }

    @Test("a second signal does not wait for a journal that somebody holds")
    func secondSignal() throws {
        let serving = try ServingProgram("--journal", folder.path("j.sqlite"))
        var database: OpaquePointer?
        #expect(sqlite3_open(folder.path("j.sqlite"), &database) == SQLITE_OK)
        #expect(sqlite3_exec(database, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
        _ = try serving.ask("GET", "/nowhere")
        serving.program.send(SIGINT)
        // Since it has heard the first one, nobody is let in any more.
        #expect((0..<100_000).contains { _ in (try? serving.client()) == nil })
        #expect(serving.stop(by: SIGINT).code == nil)
        sqlite3_close(database)
    }

    @Test("a signal flushes the journal: every call that was answered is in the file")
    func flush() throws {
        let serving = try ServingProgram("--journal", folder.path("j.sqlite"), "--quiet")
        let client = try serving.client()
        for number in 1...200 {
            client.send("GET /nowhere/\(number) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(client.receiveAnswer().status == 404)
        }
        #expect(serving.stop() == Program.End(code: 0))
        let calls = try journal("j.sqlite")
        #expect(calls.compactMap { $0["number"]?.integer } == Array(1...200))
        #expect(calls.allSatisfy { $0["outcome"]?.text == "completed" })
    }

    @Test("nobody reads the log, or its reader has gone: the calls are answered", arguments: [0, 1])
    func unreadLog(kind: Int) throws {
        let serving = try ServingProgram(errors: kind == 0 ? .unread : .broken)
        let client = try serving.client()
        // Well over what a pipe holds.
        for _ in 0..<2_000 {
            client.send("GET /nowhere/\(String(repeating: "x", count: 100)) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            guard client.receiveAnswer().status == 404 else {
                Issue.record("a call is not answered")
                return
            }
        }
        #expect(serving.stop().code == 0)
    }

    @Test("nobody reads the ready line: the file has it, and the server serves")
    func unreadReadyLine() throws {
        let pipe = folder.path("ready")
        #expect(mkfifo(pipe, 0o600) == 0)
        let program = try Program(["serve", "--port", "0", "--ready-file", pipe], output: .broken)
        let ready = try Value.parse(try FileBytes.read(pipe))
        let port = try #require(UInt16(ready["url"]?.text?.split(separator: ":").last ?? ""))
        let client = try RawClient(port: port)
        client.send("GET /_understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.receiveAnswer().status == 200)
        program.send(SIGTERM)
        let end = program.end()
        #expect(end.code == 0 && end.errors.contains("the ready line found no reader"))
    }

    @Test("a ready file that cannot be written is told before anybody is told to come")
    func readyFile() throws {
        let ran = try Program.run("serve", "--port", "0", "--ready-file", folder.path("no/ready"))
        #expect(ran.code == 2 && ran.output.isEmpty && ran.errors.contains("no/ready: No such file or directory"))
    }

    @Test("what cannot be served is refused with every mistake, and left alone")
    func libraries() throws {
        let bad = try folder.write("bad.json", #"{"understudy": 1, "agentz": [], "rulez": []}"#.utf8)
        var scenario = Scenario()
        scenario.rules = [Rule(reply: Reply(.text("x")))]
        scenario.rules[0].when = Condition()
        scenario.rules[0].when?.call = "sometimes"
        try LibraryFile.replace(folder.path("bad.sqlite"), with: scenario)
        let before = try folder.bytes("bad.sqlite")
        let ran = try Program.run("serve", "--port", "0", bad, folder.path("bad.sqlite"), folder.path("no.json"))
        #expect(ran.code == 2 && ran.output.isEmpty)
        for part in ["\(bad):1:", "agentz", "rulez", "no.json: No such file"] { #expect(ran.errors.contains(part)) }
        let alone = try Program.run("serve", "--port", "0", folder.path("bad.sqlite"))
        #expect(alone.code == 2 && alone.errors.contains("bad.sqlite: table rules, row 1, column when.call: "))
        #expect(try folder.bytes("bad.sqlite") == before)
    }

    @Test("a journal over what is none is refused, and what is there stays")
    func journals() throws {
        let scenario = try folder.write("a.json", #"{"understudy": 1}"#.utf8)
        for path in [scenario, folder.path, folder.path("no/j.sqlite")] {
            let ran = try Program.run("serve", "--port", "0", "--journal", path)
            #expect(ran.code == 2 && ran.output.isEmpty && ran.errors.contains("understudy serve: \(path): "))
        }
        #expect(try folder.bytes("a.json") == Array(#"{"understudy": 1}"#.utf8))
    }

    @Test("a port in use leaves no journal behind, and a journal that cannot be made is told before anything is served")
    func noJournal() throws {
        let serving = try ServingProgram()
        let port = String(serving.port)
        let ran = try Program.run("serve", "--port", port, "--journal", folder.path("new.sqlite"))
        #expect(ran.code == 2 && ran.errors.contains("port \(port) on 127.0.0.1 is in use"))
        let names = try folder.names
        #expect(!names.contains { $0.hasPrefix("new.sqlite") }, "\(names)")
        _ = serving.stop()
        // Nobody may make a file there, root included.
        let nowhere = try Program.run("serve", "--port", "0", "--journal", "/proc/new.sqlite")
        #expect(nowhere.code == 2 && nowhere.output.isEmpty)
        #expect(nowhere.errors.contains("understudy serve: /proc/new.sqlite: cannot be made: "))
    }

    @Test("open to other machines, control calls need the token that the log tells")
    func controlToken() throws {
        let serving = try ServingProgram("--host", "0.0.0.0")
        #expect(try serving.ask("GET", "/_understudy/calls").status == 401)
        let words = serving.program.errorText.split(whereSeparator: \.isWhitespace)
        let token = try #require(words.last)
        #expect(words.contains("Bearer"))
        let fields = "Authorization: Bearer \(token)\r\n"
        #expect(try serving.ask("GET", "/_understudy/calls", fields: fields).status == 200)
        #expect(serving.stop().code == 0)
        let chosen = try ServingProgram("--control-token", "chosen-token")
        #expect(try chosen.ask("GET", "/_understudy/calls").status == 401)
        #expect(!chosen.stop().errors.contains("chosen-token"))
    }

    @Test("the log: a line a call, as JSON where asked for, none where quiet is wanted")
    func logs() throws {
        let text = try ServingProgram()
        _ = try text.ask("GET", "/nowhere%1B%5B2J")
        let lines = text.stop().errors.split(separator: "\n")
        #expect(lines[0].hasSuffix("serves the built-in library"))
        #expect(lines.count { $0.contains("  #1  ") } == 1)
        #expect(lines.last?.contains("  #1  404  GET /nowhere%1B%5B2J  ") == true)
        let json = try ServingProgram("--log", "json")
        _ = try json.ask("GET", "/nowhere")
        let object = try Value.parse(json.stop().errors)
        #expect(object["status"]?.integer == 404 && object["level"]?.text == "info" && object["call"]?.integer == 1)
        let quiet = try ServingProgram("--quiet")
        _ = try quiet.ask("GET", "/nowhere")
        #expect(quiet.stop().errors.isEmpty)
    }

    @Test("--speed hastens what is waited for; the ready server tells it, and what is none is refused")
    func speed() throws {
        let library = try folder.write(
            "slow.json",
            #"{"understudy": 1, "agents": [{"arn": "*", "auth": "none", "session": {"coldStart": "1h"}}], "rules": [{"reply": {"text": "late", "delay": "1h"}}]}"#
                .utf8)
        let serving = try ServingProgram(library, "--speed", "1e6")
        #expect(try serving.ask("POST", Self.echo, body: "{}").body == "late")
        #expect(try Value.parse(try serving.ask("GET", "/_understudy/clock").body)["speed"]?.integer == 1_000_000)
        let call = try Value.parse(try serving.ask("GET", "/_understudy/calls/1").body)
        #expect(try #require(call["firstByte"]?.double) >= 7.2)
        #expect(serving.stop().code == 0)
        for wrong in ["0", "-2", "fast", "nan", "1e9", ""] {
            let ran = try Program.run("serve", "--port", "0", "--speed", wrong)
            #expect(ran.code == 2 && ran.output.isEmpty && ran.errors.contains("--speed"))
        }
    }

    @Test("--auth off lets everybody in; strict, which is the default, does not")
    func auth() throws {
        for (words, status) in [(["--auth", "off"], 200), (["--auth", "strict"], 403)] {
            let serving = try ServingProgram(words: words)
            #expect(try serving.ask("POST", Self.echo, body: #"{"prompt":"hi"}"#).status == status)
            #expect(serving.stop().code == 0)
        }
    }
}
