import Journal
import Support
import Testing

@testable import Store

@Suite("A journal open for writing") struct JournalFileTests {
    private func write(_ file: JournalFile, _ batch: JournalQueue.Batch) throws -> [Int] {
        var batch = batch
        var left: [Int] = []
        batch.joinLaterEvents()
        while batch.unwritten > 0 {
            try file.writeNext(of: &batch)
            left.append(batch.unwritten)
        }
        return left
    }

    @Test("a large batch goes in in several transactions, endings last")
    func chunks() throws {
        let folder = try TemporaryFolder()
        let file = try JournalFile(path: folder.path("j"), limit: nil)
        var batch = JournalQueue.Batch()
        batch.append(SampleCall.bare(1))
        #expect(try write(file, batch) == [0])
        batch = JournalQueue.Batch()
        for number in 2...5_001 { batch.append(SampleCall.bare(number)) }
        for number in [1, 2, 77_777] { batch.end(number, SampleCall.report()) }
        #expect(try write(file, batch) == [2_954, 906, 0])
        file.close()
        let calls = try JournalReader(path: folder.path("j")).calls()
        #expect(calls.map(\.number) == Array(1...5_001))
        #expect(calls.filter { $0.ending != nil }.map(\.number) == [1, 2])
    }

    @Test("a transaction that fails leaves the batch as it was, to be tried again")
    func retry() throws {
        let folder = try TemporaryFolder()
        let file = try JournalFile(path: folder.path("j"), limit: 3)
        _ = try file.database.number("PRAGMA busy_timeout = 1")
        let other = try Database(path: folder.path("j"), access: .writing)
        var batch = JournalQueue.Batch()
        batch.clearsRun = true
        for number in 1...5 { batch.append(SampleCall.bare(number)) }
        batch.end(2, SampleCall.report())
        try other.run("BEGIN IMMEDIATE")
        #expect(#expect(throws: DatabaseError.self) { try file.writeNext(of: &batch) }?.kind == .busy)
        #expect(batch.unwritten == 7)
        try other.run("ROLLBACK")
        other.close()
        _ = try write(file, batch)
        file.close()
        #expect(try JournalReader(path: folder.path("j")).calls().map(\.number) == [3, 4, 5])
    }

    @Test("numbers that start again after all was cleared are new calls, and old endings find none of them")
    func restart() throws {
        let folder = try TemporaryFolder()
        let file = try JournalFile(path: folder.path("j"), limit: nil)
        var batch = JournalQueue.Batch()
        for number in 1...2 { batch.append(SampleCall.bare(number)) }
        _ = try write(file, batch)
        batch = JournalQueue.Batch()
        batch.clearsRun = true
        batch.append(SampleCall.bare(1))
        batch.end(2, SampleCall.report())
        _ = try write(file, batch)
        file.close()
        #expect(try JournalReader(path: folder.path("j")).calls() == [SampleCall.bare(1).record])
    }

    @Test("what happened to a call several times in one batch, and over several, becomes one row")
    func events() throws {
        let folder = try TemporaryFolder()
        let file = try JournalFile(path: folder.path("j"), limit: nil)
        var batch = JournalQueue.Batch()
        batch.append(SampleCall.bare(1))
        batch.append(SampleCall.bare(2))
        batch.end(1, SampleCall.report(.reset))
        batch.end(1, SampleCall.report(.closed))
        _ = try write(file, batch)
        batch = JournalQueue.Batch()
        batch.end(2, SampleCall.report(.hung))
        _ = try write(file, batch)
        file.close()
        #expect(try JournalReader(path: folder.path("j")).calls().map(\.outcome) == [.closed, .hung])
    }

    @Test("a file with more runs than can be is told as such")
    func runs() throws {
        let folder = try TemporaryFolder()
        try JournalFile(path: folder.path("j"), limit: nil).close()
        let database = try Database(path: folder.path("j"), access: .writing)
        try database.run("INSERT INTO runs (id, started) VALUES (9000000, 0)")
        database.close()
        let error = #expect(throws: DatabaseError.self) { try JournalFile(path: folder.path("j"), limit: nil) }
        #expect(error?.what == "counts 9000001 runs")
    }
}
