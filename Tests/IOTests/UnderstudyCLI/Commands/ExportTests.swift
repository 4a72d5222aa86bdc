import Emulator
import Foundation
import Library
import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("export") struct ExportTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library(_ scenario: String, files: [String: [UInt8]] = [:]) throws -> String {
        var scenario = try #require(ScenarioFile.read(Array(scenario.utf8), fileName: "", .complete()).0)
        scenario.files = files
        let path = folder.path("l.sqlite")
        try LibraryFile.replace(path, with: scenario)
        return path
    }

    @Test("what was loaded comes back without loss", arguments: ScenarioFixtures.names)
    func roundTrip(name: String) throws {
        let file = try folder.write("in.json", try ScenarioFixtures.bytes(name))
        let library = folder.path("l.sqlite")
        #expect(Ran("load", file, "--into", library).exit == .good)
        let printed = Ran("export", library)
        #expect(
            Ran("export", library, "--to", folder.path("out.json"))
                == Ran("export", library, "--to", folder.path("out.json")))
        #expect(try folder.bytes("out.json") == Array(printed.output.utf8))
        #expect(try Libraries.merged([folder.path("out.json")]) == Libraries.merged([file]))
    }

    @Test("files of replies are written beside it, in their folders")
    func files() throws {
        let library = try library(
            #"{"understudy": 1, "rules": [{"reply": {"file": "img/cat.png"}}]}"#, files: ["img/cat.png": [1, 2]])
        #expect(
            Ran("export", library).errors
                == "understudy export: 1 file of replies stay in the library: --to writes them, too\n")
        for _ in 0..<2 { #expect(Ran("export", library, "--to", folder.path("out.json")).exit == .good) }
        #expect(try folder.bytes("img/cat.png") == [1, 2])
        #expect(try Libraries.merged([folder.path("out.json")]).files == ["img/cat.png": [1, 2]])
    }

    @Test("a file that is there with other content stays, and nothing is written")
    func otherContent() throws {
        let library = try library(
            #"{"understudy": 1, "rules": [{"reply": {"file": "cat.png"}}]}"#, files: ["cat.png": [1]])
        _ = try folder.write("cat.png", [9])
        let ran = Ran("export", library, "--to", folder.path("out.json"))
        #expect(ran.exit == .badInput && ran.errors.contains("cat.png: is there already and holds something else"))
        #expect(try folder.names == ["cat.png", "l.sqlite"] && folder.bytes("cat.png") == [9])
    }

    @Test(
        "a library's names lead nowhere but below the folder",
        arguments: ["../evil", "a/../../evil", "/tmp/understudy-evil"])
    func traversal(name: String) throws {
        let library = try library(#"{"understudy": 1, "rules": [{"reply": {"file": "\#(name)"}}]}"#, files: [name: [1]])
        let ran = Ran("export", library, "--to", folder.path("out.json"))
        #expect(ran.exit == .badInput && ran.errors.contains("lies outside the folder"))
        #expect(try folder.names == ["l.sqlite"] && !FileBytes.exists(FileBytes.beside(folder.path("out.json"), name)))
    }

    @Test("over a scenario file, and over nothing else")
    func targets() throws {
        let library = try library(#"{"understudy": 1, "agents": [{"arn": "*"}]}"#)
        let before = try folder.bytes("l.sqlite")
        _ = try folder.write("notes.txt", "hello".utf8)
        _ = try folder.write("old.json", "// mine\n{}".utf8)
        _ = try folder.write("empty.json", [])
        for name in ["l.sqlite", "notes.txt"] {
            let ran = Ran("export", library, "--to", folder.path(name))
            #expect(ran.exit == .badInput && ran.errors.contains("\(name): is there already and is no scenario file"))
        }
        #expect(try folder.bytes("l.sqlite") == before && folder.bytes("notes.txt") == Array("hello".utf8))
        for name in ["old.json", "empty.json"] {
            #expect(Ran("export", library, "--to", folder.path(name)).exit == .good)
            #expect(try Libraries.merged([folder.path(name)]).agents.count == 1)
        }
        #expect(Ran("export", library, "--to", folder.path).errors.contains("is a folder, not a file"))
        #expect(Ran("export", library, "--to", folder.path("no/out.json")).errors.contains("No such file or directory"))
    }

    @Test("words that are missing, and what is no library")
    func bad() throws {
        for words in [
            ["export"], ["export", "a", "b"], ["export", folder.path("no.sqlite")], ["export", folder.path],
        ] {
            let ran = Ran(words)
            #expect(ran.exit == .badInput && ran.output.isEmpty && !ran.errors.isEmpty)
        }
    }
}
