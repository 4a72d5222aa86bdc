import Emulator
import Foundation
import Library
import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Libraries") struct LibrariesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func lines(_ path: String, thoroughly: Bool = false) -> [String] {
        if case .bad(let lines) = Libraries.read(path, thoroughly: thoroughly) { return lines }
        return []
    }

    @Test("a scenario file is told by what is in it, whatever it is called")
    func scenarioFiles() throws {
        for name in ["a.json", "a.jsonc", "a", "a.sqlite"] {
            let path = try folder.write(name, #" // ours\#n{"understudy": 1, "agents": [{"arn": "*"}]}"#.utf8)
            guard case .good(let scenario) = Libraries.read(path) else {
                Issue.record("\(name) is not read")
                continue
            }
            #expect(scenario.agents.map(\.arn) == ["*"])
        }
    }

    @Test("and so is a library")
    func databases() throws {
        let scenario = ScenarioFile.read(
            try ScenarioFixtures.bytes("coach"), fileName: "coach", .complete()
        ).0
        for name in ["a.sqlite", "a", "a.json"] {
            try LibraryFile.replace(folder.path(name), with: try #require(scenario))
            guard case .good(let read) = Libraries.read(folder.path(name)) else {
                Issue.record("\(name) is not read")
                continue
            }
            #expect(read == scenario)
        }
    }

    @Test(
        "what is neither is said to be neither, and named",
        arguments: [
            ("", "empty"), ("PK\u{3}\u{4}", "neither a scenario file (JSON) nor a library (SQLite)"),
            ("hello", "neither"),
            ("SQLite format 3", "neither"), ("\u{0}\u{0}", "neither"),
        ])
    func neither(text: String, words: String) throws {
        let path = try folder.write("x", text.utf8)
        let found = lines(path)
        #expect(found.count == 1 && found[0].hasPrefix(path + ": ") && found[0].contains(words))
    }

    @Test("what cannot be read is one mistake among others")
    func unreadable() throws {
        #expect(lines(folder.path("no.json")) == ["\(folder.path("no.json")): No such file or directory"])
        #expect(lines(folder.path) == ["\(folder.path): is a folder, not a file"])
        _ = try folder.write("bad.json", #"{"understudy": 1, "agentz": [], "rulez": []}"#.utf8)
        #expect(throws: Failure.self) { try Libraries.merged([folder.path("no.json"), folder.path("bad.json")]) }
        do {
            _ = try Libraries.merged([folder.path("no.json"), folder.path("bad.json")])
        } catch {
            #expect(error.mistakes.count == 3 && error.message == "3 mistakes")
            #expect(error.mistakes[1].hasPrefix(folder.path("bad.json") + ":1:"))
        }
    }

    @Test("a hundred megabytes that are no JSON are refused at their first byte")
    func large() throws {
        let path = try folder.write("large.json", [UInt8](repeating: UInt8(ascii: "x"), count: 100_000_000))
        let found = lines(path)
        #expect(found.count == 1 && found[0].hasPrefix("\(path):1:1: "))
    }

    @Test("a database of another program, a cut library, a newer one: each is told apart and left alone")
    func strangers() throws {
        let path = folder.path("a.sqlite")
        try LibraryFile.replace(path, with: Scenario())
        let good = try folder.bytes("a.sqlite")
        func broken(_ change: (inout [UInt8]) -> Void) throws -> String {
            var bytes = good
            change(&bytes)
            let path = try folder.write("b.sqlite", bytes)
            let found = lines(path).joined()
            #expect(try folder.bytes("b.sqlite") == bytes)
            return found
        }
        #expect(try broken { $0[68] = 0 }.contains("is a SQLite database of another program"))
        #expect(try broken { $0[63] = 99 }.contains("was made by a newer Understudy"))
        #expect(try broken { $0.removeLast(4_096) }.contains("is cut short"))
        #expect(try broken { $0.removeLast($0.count - 50) }.contains("b.sqlite: "))
    }

    @Test("a journal is no library, and is said to be one")
    func journals() throws {
        let path = folder.path("calls.sqlite")
        try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }.close()
        #expect(
            lines(path) == [
                "\(path): is a journal, and no library is in it; `understudy journal` reads it"
            ])
        try LibraryFile.add(
            [ScenarioFile.read(Array(BuiltIn.text.utf8), fileName: "", .complete()).0!], to: path)
        #expect(lines(path) == [])
    }

    @Test("what a person's SQL broke is found in every row by a thorough look")
    func thorough() throws {
        let path = folder.path("a.sqlite")
        var scenario = try #require(
            ScenarioFile.read(try ScenarioFixtures.bytes("coach"), fileName: "coach", .complete()).0)
        scenario.rules[0].when?.call = "first"
        scenario.rules[2].when?.call = "last"
        try LibraryFile.replace(path, with: scenario)
        #expect(lines(path) == [])
        let found = lines(path, thoroughly: true)
        #expect(found.count == 2 && found.allSatisfy { $0.hasPrefix("\(path): table rules, row ") })
    }

    @Test("several are one, in their order; none is the built-in one")
    func merging() throws {
        for (name, arn) in [("a.json", "one"), ("b.json", "two")] {
            _ = try folder.write(name, #"{"understudy": 1, "agents": [{"arn": "\#(arn)"}]}"#.utf8)
        }
        let merged = try Libraries.merged([folder.path("a.json"), folder.path("b.json"), folder.path("a.json")])
        #expect(merged.agents.map(\.arn) == ["one", "two"])
        #expect(try Libraries.merged([]).agents.map(\.arn) == ["*"])
    }

    @Test("files that replies name are read from beside the scenario; one that is not there is a mistake")
    func files() throws {
        _ = try folder.write("cat.png", [1, 2, 3])
        let path = try folder.write(
            "a.json",
            #"{"understudy": 1, "rules": [{"name": "a", "reply": {"file": "cat.png"}}, {"name": "b", "reply": {"file": "dog.png"}}]}"#
                .utf8)
        let found = lines(path)
        #expect(found.count == 1)
        let dog = "\(folder.path("dog.png")): No such file or directory"
        #expect(found[0] == "\(path):1:106: rules[1].reply.file: \(dog)")
        let other = try folder.write(
            "b.json", #"{"understudy": 1, "rules": [{"reply": {"file": "dog.png"}}, {"reply": {"base64": "%"}}]}"#.utf8)
        #expect(
            lines(other).map { $0.contains("rules[0].reply.file: \(dog)") } == [true, false], "every mistake at once")
        _ = try folder.write("dog.png", [4])
        #expect(try Libraries.merged([path]).files == ["cat.png": [1, 2, 3], "dog.png": [4]])
    }

    @Test("a scenario may come through a pipe")
    func pipes() async throws {
        let path = folder.path("pipe.json")
        #expect(mkfifo(path, 0o600) == 0)
        let thread = RunningThread { try? FileBytes.write(Array(#"{"understudy": 1}"#.utf8), to: path) }
        #expect(lines(path) == [])
        await thread.ended()
    }
}
