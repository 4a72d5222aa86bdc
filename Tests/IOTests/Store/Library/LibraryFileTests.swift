import JSON
import Library
import Rules
import Support
import Testing

@testable import Store

@Suite("A scenario in a library") struct LibraryFileTests {
    @Test("what goes in comes out: whatever is left out, empty or there")
    func roundTrip() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomScenario(.any, faults: ["hang"], generator: SeededGenerator(seed: seed))
        let folder = try TemporaryFolder()
        for number in 0..<150 {
            let scenario = random.scenario()
            try LibraryFile.replace(folder.path("x.sqlite"), with: scenario)
            let back = try LibraryFile.read(folder.path("x.sqlite"))
            #expect(back == scenario, "seed \(seed), scenario \(number)")
        }
    }

    @Test("adding to nothing, or to an empty library, is storing")
    func addingToNothing() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomScenario(.any, faults: ["hang"], generator: SeededGenerator(seed: seed))
        for number in 0..<20 {
            let scenario = random.scenario()
            let folder = try TemporaryFolder()
            try LibraryFile.add([scenario], to: folder.path("x.sqlite"))
            #expect(try LibraryFile.read(folder.path("x.sqlite")) == scenario, "seed \(seed), scenario \(number)")
        }
    }

    @Test("reading writes nothing and leaves nothing, whoever had the file open before")
    func readingIsQuiet() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        try LibraryFile.replace(path, with: Scenario())
        let before = try folder.bytes("x.sqlite")
        for _ in 0..<3 { #expect(try LibraryFile.read(path) == Scenario()) }
        #expect(try folder.names == ["x.sqlite"])
        #expect(try folder.bytes("x.sqlite") == before)
    }

    @Test("reading sees what another program has just written, in its log or in the file")
    func readingBesideAnEditor() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        try LibraryFile.replace(path, with: Scenario())
        let editor = try Database(path: path, access: .writing)
        try editor.run("INSERT INTO users (username) VALUES ('anna')")
        #expect(try LibraryFile.read(path).users.map(\.username) == ["anna"])
        try editor.run("BEGIN IMMEDIATE; INSERT INTO users (username) VALUES ('berta')")
        #expect(try LibraryFile.read(path).users.map(\.username) == ["anna"])
        try editor.run("COMMIT")
        #expect(try LibraryFile.read(path).users.map(\.username) == ["anna", "berta"])
        try editor.run("PRAGMA journal_mode = DELETE; INSERT INTO users (username) VALUES ('carla')")
        #expect(try LibraryFile.read(path).users.map(\.username) == ["anna", "berta", "carla"])
        editor.close()
        #expect(try folder.names == ["x.sqlite"])
    }

    @Test("what cannot be stored leaves the library as it was, and a new one unmade")
    func failureChangesNothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        var good = Scenario()
        good.users = [User(username: "anna")]
        var bad = Scenario()
        bad.users = [User(username: "berta")]
        var nested = JSON.Value.null
        for _ in 0..<3_000 { nested = .array([nested]) }
        bad.rules = [Rule(reply: Reply(.json(nested)))]

        let making = #expect(throws: DatabaseError.self) { try LibraryFile.replace(path, with: bad) }
        #expect(making?.what == "does not take this: CHECK constraint failed: json is JSON: a text wants its quotes")
        #expect(try folder.names == [])
        try LibraryFile.replace(path, with: good)
        for attempt in [{ try LibraryFile.replace(path, with: bad) }, { try LibraryFile.add([good, bad], to: path) }] {
            #expect(throws: DatabaseError.self, performing: attempt)
            #expect(try LibraryFile.read(path) == good)
        }
        #expect(try folder.names == ["x.sqlite"])
    }

    @Test("an older library is read as if it were upgraded, and stays old until it is written")
    func older() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        let old = try Database(path: path, access: .writing)
        try old.run(Migration.m001Library.sql)
        try old.run(
            "PRAGMA application_id = \(Migration.applicationID); PRAGMA user_version = 1; INSERT INTO users (username) VALUES ('anna')"
        )
        old.close()
        let before = try folder.bytes("x.sqlite")
        let scenario = try LibraryFile.read(path)
        #expect(scenario.users.map(\.username) == ["anna"])
        #expect(try JournalReader(path: path).entries().isEmpty)
        #expect(try folder.bytes("x.sqlite") == before)
        try LibraryFile.add([Scenario()], to: path)
        #expect(
            try Database.reading(path) { (database) throws(DatabaseError) in try database.identifiedVersion() }
                == Migration.all.count)
        #expect(try LibraryFile.read(path) == scenario)
    }

    @Test("a file that may not be written, in a folder that may not be written, is still read")
    func readOnly() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        try LibraryFile.replace(path, with: Scenario())
        try Unprivileged.run(locking: folder, files: ["x.sqlite"]) { () throws in
            #expect(try LibraryFile.read(path) == Scenario())
            let error = #expect(throws: DatabaseError.self) { try LibraryFile.replace(path, with: Scenario()) }
            #expect(error?.kind == .unwritable)
            #expect(error?.what == "is read-only")
        }
        #expect(try folder.names == ["x.sqlite"])
    }

    @Test("changes in a log that cannot be read where it lies are told, not left out")
    func logInReadOnlyFolder() throws {
        let (folder, copy) = (try TemporaryFolder(), try TemporaryFolder())
        try LibraryFile.replace(folder.path("x.sqlite"), with: Scenario())
        let editor = try Database(path: folder.path("x.sqlite"), access: .writing)
        try editor.run("INSERT INTO users (username) VALUES ('anna')")
        for name in ["x.sqlite", "x.sqlite-wal"] { _ = try copy.write(name, try folder.bytes(name)) }
        editor.close()
        let path = copy.path("x.sqlite")
        try Unprivileged.run(locking: copy, files: ["x.sqlite", "x.sqlite-wal"]) { () throws in
            let error = #expect(throws: DatabaseError.self) { try LibraryFile.read(path) }
            #expect(error?.kind == .unreadable)
            #expect(error?.description.contains("\(path)-wal that cannot be read in a read-only folder") == true)
        }
        #expect(try LibraryFile.read(path).users.map(\.username) == ["anna"])
    }

    @Test("no library is made in a folder that may not be written")
    func lockedFolder() throws {
        let folder = try TemporaryFolder()
        try Unprivileged.run(locking: folder, files: []) { () throws in
            let error = #expect(throws: DatabaseError.self) {
                try LibraryFile.replace(folder.path("x.sqlite"), with: Scenario())
            }
            #expect(error?.kind == .unwritable)
        }
        #expect(try folder.names == [])
    }

    @Test("a library may hold the journal too: loading it anew leaves the calls alone")
    func withJournal() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        var scenario = Scenario()
        scenario.users = [User(username: "anna")]
        try LibraryFile.replace(path, with: scenario)
        let writer = try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }
        writer.arrived(SampleCall.bare(1))
        writer.flush()
        #expect(try LibraryFile.read(path) == scenario)
        scenario.users.append(User(username: "berta"))
        try LibraryFile.replace(path, with: scenario)
        writer.arrived(SampleCall.bare(2))
        writer.close()
        #expect(try LibraryFile.read(path) == scenario)
        #expect(try JournalReader(path: path).calls().map(\.number) == [1, 2])
    }

    @Test("a file that may not be read says so")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.sqlite")
        try LibraryFile.replace(path, with: Scenario())
        try Unprivileged.run(locking: folder, files: ["x.sqlite"], mode: 0) { () throws in
            let error = #expect(throws: DatabaseError.self) { try LibraryFile.read(path) }
            #expect(error?.description == "\(path): cannot be read: Permission denied")
        }
    }
}
