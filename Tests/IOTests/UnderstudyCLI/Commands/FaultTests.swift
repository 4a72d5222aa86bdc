import JSON
import Support
import Testing

@testable import UnderstudyCLI

@Suite("fault") struct FaultTests {
    /// Runs against a server of its own, which ends with the test.
    private func serving(_ body: ([String]) throws -> Void) async throws {
        let server = try TestServer.emulating()
        try body(["--server", "http://127.0.0.1:\(server.port)"])
        _ = await server.stop()
    }

    private func armed(_ server: [String]) throws -> [Value] {
        let ran = Ran(["fault", "list", "--json"] + server)
        #expect(ran.exit == .good, "\(ran.errors)")
        return try #require(try Value.parse(ran.output)["faults"]?.array)
    }

    @Test(
        "words, the header's spelling and JSON arm the same fault",
        arguments: [
            [
                "latency", "--delay", "2s", "--agent", "*search*", "--calls", "1", "--every=2", "--per-session",
                "--name",
                "slow",
            ],
            [#"latency; delay=2s; agent=*search*; on.calls="1"; on.every=2; on.perSession; name=slow"#],
            ["latency; delay=2s", "--agent=*search*", "--calls=1", "--every", "2", "--per-session", "--name=slow"],
            [
                #"""
                {"name": "slow", "agent": "*search*", "fault": "latency", // as in a file
                 "on": {"calls": "1", "every": 2, "perSession": true}, "delay": "2s",}
                """#
            ],
        ])
    func spellings(words: [String]) throws {
        let fault = try Command.faultToArm(
            [words[0]], try Arguments(words, options: Command.fault.options, takesOthers: true))
        let expected: Value = [
            "fault": "latency", "name": "slow", "agent": "*search*", "delay": "2s",
            "on": ["calls": "1", "every": 2, "perSession": true],
        ]
        #expect(fault.sorted == expected.sorted)
    }

    @Test("add, list and remove")
    func life() async throws {
        try await serving { server in
            #expect(Ran(["fault", "list"] + server).output == "no fault is armed\n")
            let added = Ran(["fault", "add", "reset", "--at", "frame 3", "--calls", "1-2", "--name", "cut"] + server)
            #expect(added == Ran.good("cut: reset; on.calls=1-2; at=frame 3\n"))
            _ = Ran(["fault", "add", #"{"fault": "error", "status": 503}"#] + server)
            #expect(
                Ran(["fault", "add", "corrupt", "--split-utf8"] + server).output == "corrupt: corrupt; split-utf8\n")
            #expect(
                Ran(["fault", "list"] + server).output == """
                    NAME     STRUCK  FAULT
                    cut      0       reset; on.calls=1-2; at=frame 3
                    error    0       error; status=503
                    corrupt  0       corrupt; split-utf8

                    """)
            #expect(Ran(["fault", "remove", "cut"] + server).output == "disarmed cut\n")
            #expect(Ran(["fault", "remove", "--all"] + server).output == "disarmed 2 faults\n")
            let left = try armed(server)
            #expect(left.isEmpty)
        }
    }

    @Test("what add printed can be added again")
    func again() async throws {
        try await serving { server in
            let words = [
                "error", "--status", "503", "--headers.X-Cause", "a, b", "--message", "5; 6", "--chance", "0.5",
            ]
            let first = Ran(["fault", "add"] + words + server).output
            let text = first.dropFirst("error: ".count).dropLast()
            #expect(Ran(["fault", "add", String(text), "--name", "error 2"] + server).exit == .good)
            let faults = try armed(server)
            #expect(faults[0].without("name").sorted == faults[1].without("name").sorted)
        }
    }

    @Test("a space has its own")
    func spaces() async throws {
        try await serving { server in
            #expect(Ran(["fault", "add", "hang", "--space", "a"] + server).exit == .good)
            let here = try armed(server)
            let there = try armed(server + ["--space", "a"])
            #expect(here.isEmpty && there.count == 1)
            let ran = Ran(["fault", "list", "--space", "a b"] + server)
            #expect(ran.exit == .badInput && ran.errors.contains("no name of a space"))
        }
    }

    @Test(
        "what the server refuses is told in its words",
        arguments: [
            (["add", "latency", "--dealy", "2s"], #""dealy" is no parameter of "latency"; did you mean "delay"?"#),
            (["add", "resett"], #"did you mean "reset"?"#), (["add", "hang", "--every", "0"], "on.every"),
            (["add", "hang", "--calls", "0"], "calls"), (["add", #"{"fault": "hang", "fault": "reset"}"#], "twice"),
            (["remove", "nobody"], "answers 404: no fault “nobody” is armed"),
        ])
    func refusals(words: [String], named: String) async throws {
        try await serving { server in
            let ran = Ran(["fault"] + words + server)
            #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named), "\(ran.errors)")
            let left = try armed(server)
            #expect(left.isEmpty)
        }
    }

    @Test(
        "what cannot be asked is said before anybody is asked",
        arguments: [
            ([], "say add, list or remove"), (["ad"], "did you mean add?"), (["add"], "say which fault"),
            (["add", "hang", "reset"], "one fault at a time"),
            (["add", "hang, reset; at=accept"], "one fault at a time"),
            (["add", "{"], "the fault is not JSON"), (["add", "{}", "--calls", "1"], "--calls does not go with JSON"),
            (["add", "{}", "--delay", "1s"], "--delay does not go with JSON"), (["list", "--delay", "1"], "--delay"),
            (["list", "--calls", "1"], "--calls is for add"), (["list", "x"], "list takes no words"),
            (["remove"], "name the faults to remove"), (["remove", "x", "--all"], "name the faults to remove"),
            (["add", "hang", "--all"], "--all is for remove"), (["add", "reset;"], "expected a parameter"),
        ])
    func usage(words: [String], named: String) {
        let ran = Ran(["fault"] + words)
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named), "\(ran.errors)")
    }

    @Test("when no server answers, that is said, and how to start one")
    func nobody() async throws {
        let server = try TestServer.emulating()
        let url = "http://127.0.0.1:\(server.port)"
        _ = await server.stop()
        let ran = Ran("fault", "list", "--server", url)
        #expect(ran.exit == .badInput)
        #expect(ran.errors.contains("no server answers on \(url.dropFirst(7)) (understudy serve starts one)"))
    }
}

extension Ran {
    static func good(_ output: String) -> Ran {
        var ran = Ran("version")
        ran.output = output
        return ran
    }
}

extension Value {
    /// Members in the order of their names, all the way down.
    fileprivate var sorted: Value {
        guard let members else { return self }
        return .object(members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
    }

    fileprivate func without(_ name: String) -> Value { .object((members ?? []).filter { $0.name != name }) }
}
