import Glibc
import Library
import Rules
import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("check") struct CheckTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a good library is said to be good, with what is in it")
    func good() throws {
        let file = try folder.write("a.json", try ScenarioFixtures.bytes("restaurant"))
        _ = Ran("load", file, "--into", folder.path("a.sqlite"))
        let ran = Ran("check", file, folder.path("a.sqlite"))
        #expect(ran.exit == .good && ran.errors.isEmpty, "\(ran.errors)")
        #expect(ran.lines == [file, folder.path("a.sqlite")].map { "\($0): good: 2 agents, 8 rules, 0 faults" })
    }

    @Test("every mistake of every library, each with its place, and the good ones are still said to be good")
    func mistakes() throws {
        let good = try folder.write("good.json", #"{"understudy": 1}"#.utf8)
        let bad = try folder.write("bad.json", "{\"understudy\": 1,\n \"agentz\": [],\n \"rulez\": []}".utf8)
        var scenario = Scenario()
        scenario.faults = []
        scenario.rules = [Rule(reply: Reply(.text("x")))]
        scenario.rules[0].when = Condition()
        scenario.rules[0].when?.call = "sometimes"
        try LibraryFile.replace(folder.path("bad.sqlite"), with: scenario)
        let ran = Ran("check", bad, good, folder.path("no.json"), folder.path("bad.sqlite"), folder.path)
        #expect(ran.exit == .badInput)
        #expect(ran.lines == ["\(good): good: 0 agents, 0 rules, 0 faults"])
        let errors = ran.errors.split(separator: "\n")
        #expect(errors.count == 6 && errors.last == "understudy check: 5 mistakes")
        #expect(errors[0].hasPrefix("\(bad):2:") && errors[1].hasPrefix("\(bad):3:"))
        #expect(errors[2].hasSuffix("no.json: No such file or directory"))
        #expect(errors[3].hasPrefix("\(folder.path("bad.sqlite")): table rules, row 1, column when.call: "))
        #expect(errors[4] == "\(folder.path): is a folder, not a file")
    }

    @Test("all of them together, as they are served: what can answer nobody is warned of, and strictly a mistake")
    func together() throws {
        let faults = try folder.write(
            "faults.json", #"{"understudy": 1, "faults": [{"agent": "coach*", "fault": "hang"}]}"#.utf8)
        let agents = try folder.write(
            "agents.json", #"{"understudy": 1, "agents": [{"arn": "*", "auth": "any"}]}"#.utf8)
        let other = try folder.write(
            "other.json", #"{"understudy": 1, "agents": [{"arn": "a-ABCDEFGHIJ", "auth": "none"}]}"#.utf8)
        #expect(Ran("check", faults).errors.hasPrefix("warning: there are no agents"))
        #expect(Ran("check", agents, faults).errors.isEmpty)
        let warned = Ran("check", other, faults)
        #expect(warned.exit == .good && warned.lines.count == 2)
        #expect(warned.errors == "warning: fault faults[0]: it can strike nobody: no agent is called \"coach*\"\n")
        let strict = Ran("check", other, faults, "--strict")
        #expect(strict.exit == .badInput && strict.errors.hasSuffix("understudy check: 1 mistake\n"))
        #expect(Ran("check", agents, faults, "--strict").exit == .good)
    }

    @Test("a reply from a file: regular files below the scenario's folder, or below one that is allowed")
    func files() throws {
        try FileBytes.makeFolders(for: folder.path("in/x"))
        _ = try folder.write("secret.txt", "secret".utf8)
        _ = try folder.write("in/fine.txt", "fine".utf8)
        #expect(mkfifo(folder.path("in/fifo"), 0o600) == 0)
        #expect(symlink(folder.path("secret.txt"), folder.path("in/link.txt")) == 0)
        func check(_ name: String, _ more: String...) throws -> Ran {
            let text =
                #"{"understudy": 1, "agents": [{"arn": "*", "auth": "any"}], "rules": [{"reply": {"file": "\#(name)"}}]}"#
            return Ran(["check", try folder.write("in/a.json", text.utf8)] + more)
        }
        #expect(try check("fine.txt").exit == .good)
        #expect(try check("fifo").errors.contains("fifo: is no regular file"))
        for name in ["../secret.txt", "link.txt", "/proc/self/environ"] {
            #expect(try check(name).errors.contains("lies outside the scenario's folder"), "\(name)")
        }
        #expect(try check("../secret.txt", "--allow-files", folder.path).exit == .good)
        #expect(try check("/proc/self/environ", "--allow-files", folder.path).exit == .badInput)
    }

    @Test("a denied action that is none of the service's is a mistake")
    func denied() throws {
        func check(_ action: String) throws -> Ran {
            let key = #"{"accessKeyId": "A", "secretAccessKey": "s", "deny": ["\#(action)"]}"#
            let text = #"{"understudy": 1, "agents": [{"arn": "*"}], "credentials": [\#(key)]}"#
            return Ran("check", try folder.write("a.json", text.utf8))
        }
        for action in [
            "bedrock-agentcore:StopRuntimeSession", "*", "bedrock-agentcore:Invoke*", "Bedrock-AgentCore:getagentcard",
        ] {
            #expect(try check(action).exit == .good, "\(action)")
        }
        #expect(
            try check("bedrock-agentcore:StopRuntimeSesion").errors.contains(
                "denies nothing; did you mean \"bedrock-agentcore:StopRuntimeSession\"?"))
        #expect(try check("s3:GetObject").exit == .badInput)
    }

    @Test("without a name, wrong usage")
    func usage() {
        let ran = Ran("check")
        #expect(ran.exit == .badInput && ran.errors.contains("name at least one library"))
    }

    @Test(
        "faults that cannot be armed, in a file with line and column, in a library with their place; nothing is served")
    func faults() throws {
        let text = """
            {"understudy": 1, "faults": [
              {"fault": "hang"},
              {"fault": "latency", "dealy": "1s"},
              {"fault": "error", "status": 503, "on": {"from": "5m", "until": "1m"}}]}
            """
        let bad = try folder.write("bad.json", text.utf8)
        var scenario = Scenario()
        scenario.faults = [FaultEntry(fault: "stall")]
        try LibraryFile.replace(folder.path("bad.sqlite"), with: scenario)
        let ran = Ran("check", bad, folder.path("bad.sqlite"))
        let errors = ran.errors.split(separator: "\n")
        #expect(ran.exit == .badInput && errors.count == 5, "\(ran.errors)")
        #expect(errors[0].hasPrefix("\(bad):3:3: faults[1]: how long is missing"))
        #expect(errors[1].hasPrefix("\(bad):3:33: faults[1].dealy: "))
        #expect(errors[2].hasPrefix("\(bad):4:67: faults[2].on.until: is not after"))
        #expect(errors[3].hasPrefix("\(folder.path("bad.sqlite")): faults[0]: where is missing"))
        for words in [["serve", "--port", "0", bad], ["load", bad, "--into", folder.path("new.sqlite")]] {
            #expect(Ran(words).exit == .badInput && Ran(words).errors.contains("\(bad):3:3: faults[1]"))
        }
        #expect(!FileBytes.exists(folder.path("new.sqlite")))
    }
}
