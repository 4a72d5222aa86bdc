import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("load") struct LoadTests {
    private let folder: TemporaryFolder
    private let good: String

    init() throws {
        folder = try TemporaryFolder()
        good = try folder.write("good.json", try ScenarioFixtures.bytes("coach"))
    }

    private var library: String { folder.path("l.sqlite") }

    @Test("files become a library, and loading twice loads once")
    func loading() throws {
        let more = try folder.write("more.json", try ScenarioFixtures.bytes("telco"))
        #expect(Ran("load", good, more, "--into", library) == Ran("load", good, more, "--into", library))
        let both = try LibraryFile.read(library)
        #expect(both == (try Libraries.merged([good, more])))
        #expect(Ran("load", good, "--into", library).lines == ["\(library): 1 file loaded, 22 rules"])
        #expect(try LibraryFile.read(library) == both)
    }

    @Test("a library may be loaded into another")
    func libraries() throws {
        _ = Ran("load", good, "--into", library)
        #expect(Ran("load", library, "--into", folder.path("m.sqlite")).exit == .good)
        #expect(try LibraryFile.read(folder.path("m.sqlite")) == LibraryFile.read(library))
    }

    @Test("a mistake in one file, and nothing is written; all mistakes of all are told")
    func mistakes() throws {
        let bad = try folder.write("bad.json", #"{"understudy": 1, "agentz": []}"#.utf8)
        let worse = try folder.write("worse.json", #"{"understudy": 2}"#.utf8)
        let ran = Ran("load", good, bad, worse, folder.path("no.json"), "--into", library)
        #expect(ran.exit == .badInput && ran.output.isEmpty)
        for part in ["\(bad):1:", "\(worse):1:", "no.json: No such file", "understudy load: 3 mistakes"] {
            #expect(ran.errors.contains(part))
        }
        #expect(!FileBytes.exists(library))
    }

    @Test(
        "words that are missing",
        arguments: [["load"], ["load", "a.json"], ["load", "--into", "b.sqlite"], ["load", "a.json", "--into"]])
    func usage(words: [String]) {
        let ran = Ran(words)
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains("load --help"))
    }

    @Test("into where nothing can be written: said, and nothing changed")
    func unwritable() throws {
        #expect(Ran("load", good, "--into", folder.path("no/l.sqlite")).errors.contains("there is no folder"))
        #expect(Ran("load", good, "--into", folder.path).errors.contains("is a folder, not a file"))
        #expect(Ran("load", good, "--into", good).errors.contains("good.json: is not a SQLite database"))
        #expect(try folder.bytes("good.json") == ScenarioFixtures.bytes("coach"))
        let stranger = try folder.write("s.sqlite", "SQLite format 3\u{0}".utf8 + [UInt8](repeating: 0, count: 500))
        #expect(
            Ran("load", good, "--into", stranger).errors.contains("s.sqlite: is a SQLite database of another program"))
        _ = Ran("load", good, "--into", library)
        try Unprivileged.run(locking: folder, files: ["l.sqlite"]) {
            let ran = Ran("load", good, "--into", library)
            #expect(ran.exit == .badInput && ran.errors.contains("l.sqlite: is read-only"))
        }
        #expect(try LibraryFile.read(library) == Libraries.merged([good]))
    }
}
