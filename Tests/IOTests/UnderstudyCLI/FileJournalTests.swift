import Glibc
import JSON
import Journal
import Library
import Store
import Support
import Testing

@testable import UnderstudyCLI

@Suite("A journal file") struct FileJournalTests {
    private let folder: TemporaryFolder
    private let path: String
    private let said = Gathered<String>()

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("calls.sqlite")
    }

    private func writer() throws -> JournalWriter {
        try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }
    }

    private func journal(_ parameters: [(String, String)] = [], lines: Int = .max) throws -> FileJournal {
        let console = Console { [said] _, bytes in
            said.add(String(decoding: bytes, as: UTF8.self))
            return said.all.count < lines ? 0 : EPIPE
        }
        return try FileJournal(
            path: path, query: try Query(parameters: parameters), printer: CallPrinter(isJSON: true, console: console))
    }

    private var numbers: [Int] {
        get throws { try said.all.map { try #require(try Value.parse($0)["number"]?.integer) } }
    }

    @Test("every call; those that match; the newest of them")
    func all() throws {
        let writer = try writer()
        for number in 1...5 { writer.arrived(number == 3 ? SampleCall.bare(3) : SampleCall.full(number)) }
        writer.close()
        for (parameters, expected) in [
            ([], [1, 2, 3, 4, 5]), ([("status", "200")], [1, 2, 4, 5]), ([("limit", "2")], [4, 5]),
            ([("status", "2xx"), ("limit", "3")], [2, 4, 5]), ([("since", "3")], [4, 5]), ([("agent", "nobody")], []),
        ] as [([(String, String)], [Int])] {
            let before = said.all.count
            try journal(parameters).printAll()
            #expect(try Array(numbers[before...]) == expected)
        }
    }

    @Test("a reader that goes ends it, however long the journal is")
    func broken() throws {
        let writer = try writer()
        for number in 1...3_000 { writer.arrived(SampleCall.bare(number)) }
        writer.close()
        let journal = try journal(lines: 2)
        #expect(throws: Failure.nobodyReads) { try journal.printAll() }
        #expect(try numbers == [1, 2])
    }

    @Test("followed while it is written: each call once, when it has ended")
    func following() throws {
        let writer = try writer()
        writer.arrived(SampleCall.full(1))
        writer.arrived(SampleCall.bare(2))
        writer.arrived(SampleCall.full(3))
        #expect(writer.flush())
        let journal = try journal()
        var position = try journal.begin()
        #expect(try numbers == [1, 3])
        try journal.proceed(&position)
        #expect(try numbers == [1, 3])
        writer.arrived(SampleCall.bare(4))
        writer.arrived(SampleCall.full(5))
        writer.ended(number: 2, SampleCall.report())
        #expect(writer.flush())
        try journal.proceed(&position)
        #expect(try numbers == [1, 3, 2, 5])
        writer.ended(number: 4, SampleCall.report(.reset))
        #expect(writer.flush())
        try journal.proceed(&position)
        try journal.proceed(&position)
        #expect(try numbers == [1, 3, 2, 5, 4])
        writer.close()
    }

    @Test("followed with a limit: the newest so many, and then all that come")
    func limited() throws {
        let writer = try writer()
        for number in 1...4 { writer.arrived(SampleCall.full(number)) }
        #expect(writer.flush())
        let journal = try journal([("limit", "2")])
        var position = try journal.begin()
        for number in 5...7 { writer.arrived(SampleCall.full(number)) }
        writer.close()
        try journal.proceed(&position)
        #expect(try numbers == [3, 4, 5, 6, 7])
    }

    @Test("what a killed server left unfinished is not waited for")
    func unfinished() throws {
        var writer = try writer()
        writer.arrived(SampleCall.bare(1))
        writer.close()
        let journal = try journal()
        var position = try journal.begin()
        #expect(position.running.count == 1)
        writer = try self.writer()
        writer.arrived(SampleCall.full(1))
        writer.close()
        try journal.proceed(&position)
        #expect(try numbers == [1] && position.running.isEmpty)
    }

    @Test("followed until the reader goes", .timeLimit(.minutes(1)))
    func forever() throws {
        let writer = try writer()
        writer.arrived(SampleCall.full(1))
        writer.close()
        #expect(throws: Failure.nobodyReads) { try journal(lines: 1).follow() }
    }

    @Test("what is no journal is said to be what it is")
    func strangers() throws {
        func message(_ name: String) -> String {
            do {
                let printer = CallPrinter(isJSON: true, console: Console { _, _ in 0 })
                _ = try FileJournal(path: folder.path(name), query: Query(), printer: printer)
            } catch { return error.message }
            return ""
        }
        _ = try folder.write("a.json", #"{"understudy": 1}"#.utf8)
        _ = try folder.write("text", "hello".utf8)
        _ = try folder.write("empty", [])
        try LibraryFile.replace(folder.path("library.sqlite"), with: Scenario())
        #expect(message("a.json").hasSuffix("a.json: is a scenario file, not a journal"))
        #expect(message("text").contains("text: is not a SQLite database"))
        #expect(message("empty").contains("empty: is empty"))
        #expect(message("library.sqlite").contains("is a library, and no journal was kept in it"))
        #expect(message("no").contains("no: does not exist"))
        #expect(message("").contains("is a folder"))
    }
}
