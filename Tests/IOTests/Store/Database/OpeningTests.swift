import Library
import Rules
import Support
import Testing

@testable import Store

/// Transcripts of files that are not what they should be: what is said, and that they stay as they are.
@Suite("Opening files that are not well") struct OpeningTests {
    /// A file's bytes and the names around it: what must be the same after a refusal.
    private struct Scene: Equatable {
        let bytes: [UInt8]
        let names: [String]

        init(_ folder: TemporaryFolder) throws {
            names = try folder.names
            bytes = names.contains("x.sqlite") ? try folder.bytes("x.sqlite") : []
        }
    }

    private func library(_ folder: TemporaryFolder) throws -> [UInt8] {
        var scenario = Scenario()
        scenario.rules = (0..<200).map { number in
            var rule = Rule(reply: Reply(.text(String(repeating: "word ", count: 20))))
            rule.name = "rule \(number)"
            return rule
        }
        try LibraryFile.replace(folder.path("x.sqlite"), with: scenario)
        return try folder.bytes("x.sqlite")
    }

    private func refuses(
        _ bytes: [UInt8]?, as kind: DatabaseError.Kind, saying words: String, evenToWrite: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folder = try TemporaryFolder()
        if let bytes { _ = try folder.write("x.sqlite", bytes) }
        let before = try Scene(folder)
        let path = folder.path("x.sqlite")
        let reading = #expect(throws: DatabaseError.self, sourceLocation: sourceLocation) { try LibraryFile.read(path) }
        #expect(reading?.kind == kind, sourceLocation: sourceLocation)
        #expect(reading?.description.hasPrefix("\(path): ") == true, sourceLocation: sourceLocation)
        #expect(reading?.description.contains(words) == true, "\(reading!)", sourceLocation: sourceLocation)
        if evenToWrite {
            let writing = #expect(throws: DatabaseError.self, sourceLocation: sourceLocation) {
                try LibraryFile.replace(path, with: Scenario())
            }
            #expect(writing?.kind == kind, sourceLocation: sourceLocation)
            #expect(throws: DatabaseError.self, sourceLocation: sourceLocation) {
                try JournalWriter(path: path, limit: nil) { _ in }
            }
        }
        #expect(try Scene(folder) == before, "the refusal changed something", sourceLocation: sourceLocation)
    }

    @Test("a file that is not there")
    func missing() throws {
        try refuses(nil, as: .missing, saying: "does not exist", evenToWrite: false)
    }

    @Test("a folder, a device, a name that no file can have")
    func notFiles() throws {
        let folder = try TemporaryFolder()
        for (path, words) in [
            (folder.path, "is a folder"), ("/dev/null", "is not a file"), ("", "not the name"),
            ("a\0b", "not the name"),
        ] {
            let reading = #expect(throws: DatabaseError.self) { try LibraryFile.read(path) }
            #expect(reading?.what.contains(words) == true)
            let writing = #expect(throws: DatabaseError.self) { try LibraryFile.replace(path, with: Scenario()) }
            #expect(writing?.what.contains(words) == true)
        }
    }

    @Test("an empty file is no library, though one may be made of it")
    func empty() throws {
        try refuses([], as: .foreign, saying: "is empty", evenToWrite: false)
        let folder = try TemporaryFolder()
        let path = try folder.write("x.sqlite", [])
        try LibraryFile.replace(path, with: Scenario())
        #expect(try LibraryFile.read(path) == Scenario())
    }

    @Test("a text, a scenario file, 99 bytes, the first 99 bytes of a library")
    func notDatabases() throws {
        for text in [
            "hello", "{\"understudy\": 1}", String(repeating: "x", count: 99), String(repeating: "y", count: 9_999),
        ] {
            try refuses(Array(text.utf8), as: .foreign, saying: "is not a SQLite database")
        }
        try refuses(Array(try library(TemporaryFolder())[..<99]), as: .foreign, saying: "is not a SQLite database")
    }

    @Test("another program's database, in either journal mode")
    func foreign() throws {
        for mode in ["DELETE", "WAL"] {
            let folder = try TemporaryFolder()
            let other = try Database(path: folder.path("other.sqlite"), access: .writing)
            try other.run("PRAGMA journal_mode = \(mode); CREATE TABLE notes (text); INSERT INTO notes VALUES ('a')")
            other.close()
            try refuses(try folder.bytes("other.sqlite"), as: .foreign, saying: "of another program")
        }
    }

    @Test("a newer library, in either journal mode: nothing of it is touched")
    func newer() throws {
        for mode in ["DELETE", "WAL"] {
            let folder = try TemporaryFolder()
            _ = try library(folder)
            let database = try Database(path: folder.path("x.sqlite"), access: .writing)
            try database.run("PRAGMA journal_mode = \(mode); PRAGMA user_version = 4711")
            database.close()
            try refuses(
                try folder.bytes("x.sqlite"), as: .newer,
                saying: "made by a newer Understudy (schema 4711, this one knows \(Migration.all.count))")
        }
    }

    @Test("a library whose newer version still lies in its log")
    func newerInLog() throws {
        let folder = try TemporaryFolder()
        _ = try library(folder)
        let other = try Database(path: folder.path("x.sqlite"), access: .writing)
        try other.run("PRAGMA user_version = \(Migration.all.count + 1)")
        let before = (try folder.bytes("x.sqlite"), try folder.bytes("x.sqlite-wal"))
        for attempt in [
            { _ = try LibraryFile.read(folder.path("x.sqlite")) },
            { try LibraryFile.replace(folder.path("x.sqlite"), with: Scenario()) },
        ] {
            let error = #expect(throws: DatabaseError.self, performing: attempt)
            #expect(error?.kind == .newer)
        }
        #expect(try folder.bytes("x.sqlite") == before.0)
        #expect(try folder.bytes("x.sqlite-wal") == before.1)
        other.close()
    }

    @Test("a library cut short, at the end of any page and inside one")
    func cutShort() throws {
        let whole = try library(TemporaryFolder())
        for size in stride(from: 100, to: whole.count, by: 4_096).flatMap({ [$0, $0 + 3_996] }) where size < whole.count
        {
            try refuses(Array(whole[..<size]), as: .damaged, saying: "is cut short: \(size) bytes of \(whole.count)")
        }
    }

    @Test("a library with garbage in its pages is refused or read, and never crashes")
    func garbage() throws {
        let whole = try library(TemporaryFolder())
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                bytes[Int.random(in: 100..<bytes.count, using: &generator)] = .random(
                    in: .min ... .max, using: &generator)
            }
            let folder = try TemporaryFolder()
            let path = try folder.write("x.sqlite", bytes)
            _ = try? LibraryFile.read(path)
            #expect(try Scene(folder).bytes == bytes, "seed \(seed)")
        }
    }

    @Test("a path with every character that an address would read otherwise")
    func oddPaths() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a?mode=memory&b#c%41 ü.sqlite")
        try LibraryFile.replace(path, with: Scenario())
        #expect(try folder.names == ["a?mode=memory&b#c%41 ü.sqlite"])
        #expect(try LibraryFile.read(path) == Scenario())
    }

    @Test("a new file in a folder that is not there")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: DatabaseError.self) {
            try LibraryFile.replace(folder.path("none/x.sqlite"), with: Scenario())
        }
        #expect(error?.what == "cannot be made: there is no folder \(folder.path("none"))")
    }
}
