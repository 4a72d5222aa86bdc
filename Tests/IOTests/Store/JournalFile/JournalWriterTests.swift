import Foundation
import Journal
import Support
import Testing

@testable import Store

@Suite("The journal's writer") struct JournalWriterTests {
    private let folder: TemporaryFolder
    private let path: String
    /// What the writers warned of.
    private let warnings = Gathered<String>()

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("journal.sqlite")
    }

    private func writer(
        limit: Int? = nil, queue: JournalQueue = JournalQueue(),
        prepare: (Database) throws(DatabaseError) -> Void = { _ in }
    ) throws -> JournalWriter {
        let warnings = warnings
        return try JournalWriter(path: path, limit: limit, queue: queue, prepare: prepare) { warnings.add($0) }
    }

    @Test("calls are in the file once they are flushed, and the file is one file once it is closed")
    func flushing() throws {
        let writer = try writer()
        #expect(writer.flush())
        let calls = [SampleCall.full(1), SampleCall.bare(2), SampleCall.full(3)]
        for call in calls { writer.arrived(call) }
        #expect(writer.flush())
        #expect(try JournalReader(path: path).calls() == calls.map(\.record))
        writer.arrived(SampleCall.bare(4))
        writer.close()
        writer.close()
        #expect(try JournalReader(path: path).calls() == (calls + [SampleCall.bare(4)]).map(\.record))
        #expect(try folder.names == ["journal.sqlite"])
        #expect(writer.failure == nil)
        #expect(warnings.all == [])
    }

    @Test("an ending joins its call, in the same batch or after it")
    func endings() throws {
        let writer = try writer()
        var first = SampleCall.bare(1)
        var second = SampleCall.bare(2)
        writer.arrived(first)
        writer.flush()
        writer.arrived(second)
        writer.ended(number: 2, SampleCall.report())
        writer.ended(number: 1, SampleCall.report(.reset))
        writer.ended(number: 99, SampleCall.report(.hung))
        writer.flush()
        (first.ending, second.ending) = (SampleCall.report(.reset), SampleCall.report())
        #expect(try JournalReader(path: path).calls() == [first.record, second.record])
        writer.close()
    }

    @Test("numbers from several loops, out of order, find their endings all the same")
    func unordered() throws {
        let writer = try writer()
        let numbers = [5, 3, 9, 4, 1_000, 7]
        for number in numbers { writer.arrived(SampleCall.bare(number)) }
        for number in numbers.reversed() {
            var report = SampleCall.report()
            report.bytes = number
            writer.ended(number: number, report)
        }
        writer.close()
        let calls = try JournalReader(path: path).calls()
        #expect(calls.map(\.number) == numbers.sorted())
        #expect(calls.map(\.ending?.bytes) == numbers.sorted())
    }

    @Test("the frames of a stream are told when it has ended: what was due, what left, how long it was")
    func frames() throws {
        let writer = try writer()
        writer.arrived(SampleCall.streaming(1))
        writer.flush()
        #expect(try JournalReader(path: path).calls() == [SampleCall.streaming(1).record])
        writer.ended(number: 1, SampleCall.report(frames: [0, 40_900]))
        writer.close()
        var call = SampleCall.streaming(1)
        call.ending = SampleCall.report(frames: [0, 40_900])
        let back = try JournalReader(path: path).calls()
        #expect(back == [call.record])
        #expect(
            back.first?.frameRecords == [
                FrameRecord(due: 5_000_000, sent: 5_000_000, bytes: 4),
                FrameRecord(due: 15_000_000, sent: 15_040_000, bytes: 4),
            ])
    }

    @Test("a journal goes on in a run of its own, and a writer whose numbers start again begins another")
    func runs() throws {
        for _ in 0..<2 {
            let writer = try writer()
            for _ in 0..<2 {
                writer.arrived(SampleCall.bare(1))
                writer.arrived(SampleCall.bare(2))
                writer.flush()
            }
            writer.close()
        }
        let reader = try JournalReader(path: path)
        let entries = try reader.entries()
        #expect(entries.map(\.run) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(entries.map(\.call.number) == [1, 2, 1, 2, 1, 2, 1, 2])
        #expect(try reader.lastRun() == 4)
        #expect(try reader.entries(run: 3).map(\.place) == [3_000_000_000_001, 3_000_000_000_002])
        #expect(warnings.all == [])
    }

    @Test("the newest calls stay within the limit, those of earlier runs counted")
    func limit() throws {
        for _ in 0..<2 {
            let writer = try writer(limit: 10)
            for number in 1...7 { writer.arrived(SampleCall.bare(number)) }
            writer.close()
        }
        let reader = try JournalReader(path: path)
        #expect(try reader.calls().map(\.number) == [5, 6, 7, 1, 2, 3, 4, 5, 6, 7])
        let writer = try writer(limit: 10)
        for number in 1...25 {
            writer.arrived(SampleCall.bare(number))
            writer.flush()
            #expect(try reader.calls().count == 10)
        }
        writer.close()
        #expect(try reader.calls().map(\.number) == Array(16...25))
    }

    @Test("clearing forgets this run's calls, waiting or written")
    func clearing() throws {
        let first = try writer()
        first.arrived(SampleCall.bare(1))
        first.close()
        let writer = try writer()
        writer.arrived(SampleCall.bare(1))
        writer.flush()
        writer.arrived(SampleCall.bare(2))
        writer.clear()
        writer.arrived(SampleCall.bare(3))
        writer.flush()
        let reader = try JournalReader(path: path)
        #expect(try reader.entries().map { [$0.run, $0.call.number] } == [[1, 1], [2, 3]])
        writer.clear()
        writer.flush()
        #expect(try reader.entries().map { [$0.run, $0.call.number] } == [[1, 1]])
        writer.close()
    }

    @Test("a full disk stops the journal with one warning, and what was kept before stays")
    func full() throws {
        let writer = try writer { (database) throws(DatabaseError) in
            _ = try database.number("PRAGMA max_page_count = 60")
        }
        writer.arrived(SampleCall.full(1))
        #expect(writer.flush())
        for number in 2...2_000 { writer.arrived(SampleCall.full(number)) }
        #expect(!writer.flush())
        #expect(writer.failure == "\(path): cannot be written: the disk is full; make room on it")
        for number in 2_001...2_100 {
            writer.arrived(SampleCall.full(number))
            writer.ended(number: number, SampleCall.report())
        }
        #expect(!writer.flush())
        writer.close()
        #expect(
            warnings.all == [
                "the journal has stopped, calls are answered but no longer kept: \(path): cannot be written: the disk is full; make room on it"
            ])
        #expect(try JournalReader(path: path).calls().first == SampleCall.full(1).record)
    }

    @Test("a file that is removed or replaced meanwhile stops the journal")
    func removed() throws {
        let writer = try writer()
        try FileManager.default.removeItem(atPath: path)
        writer.arrived(SampleCall.bare(1))
        #expect(!writer.flush())
        #expect(writer.failure?.contains("was removed or replaced while it was being written") == true)
        writer.close()
        #expect(warnings.all.count == 1)
    }

    @Test("a journal that may not be written, or not be made, is refused, and leaves nothing")
    func readOnly() throws {
        try writer().close()
        try Unprivileged.run(locking: folder, files: ["journal.sqlite"]) { () throws in
            let old = #expect(throws: DatabaseError.self) { try writer() }
            #expect(old?.description == "\(path): is read-only; make it writable, or name another file")
            let new = #expect(throws: DatabaseError.self) {
                try JournalWriter(path: folder.path("new.sqlite"), limit: nil) { _ in }
            }
            #expect(
                new?.description == "\(folder.path("new.sqlite")): cannot be made: Permission denied; "
                    + "name a file in a folder that is writable")
        }
        #expect(try folder.names == ["journal.sqlite"] && warnings.all == [])
    }

    @Test("the file is for its owner alone, and so is what lies beside it")
    func mode() throws {
        let writer = try writer()
        writer.arrived(SampleCall.bare(1))
        #expect(writer.flush())
        for name in try folder.names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        writer.close()
    }

    @Test("a file in a folder that is not there is wrong usage, not a failure")
    func noFolder() throws {
        let error = #expect(throws: DatabaseError.self) {
            try JournalWriter(path: folder.path("none/journal.sqlite"), limit: nil) { _ in }
        }
        #expect(error?.kind == .missing)
    }

    @Test("while another program holds the file the calls wait, and nothing is lost")
    func locked() throws {
        let writer = try writer { (database) throws(DatabaseError) in
            _ = try database.number("PRAGMA busy_timeout = 1")
        }
        let other = try Database(path: path, access: .writing)
        try other.run("BEGIN IMMEDIATE")
        for number in 1...20 { writer.arrived(SampleCall.bare(number)) }
        #expect(try JournalReader(path: path).calls() == [])
        try other.run("ROLLBACK")
        #expect(writer.flush())
        #expect(try JournalReader(path: path).calls().count == 20)
        other.close()
        writer.close()
    }

    @Test("a disk that stands still while calls pile up is given up, once")
    func standstill() throws {
        let writer = try writer(queue: JournalQueue(maximumBytes: 10_000, patience: 1_000_000)) {
            (database) throws(DatabaseError) in
            _ = try database.number("PRAGMA busy_timeout = 1")
        }
        let other = try Database(path: path, access: .writing)
        try other.run("BEGIN IMMEDIATE")
        for number in 1...100 { writer.arrived(SampleCall.bare(number)) }
        #expect(writer.failure?.contains("is written too slowly") == true)
        #expect(warnings.all.count == 1)
        other.close()
        writer.close()
    }

    @Test("several loops hand over while others read: every call is there once, with its ending")
    func concurrency() async throws {
        let writer = try writer(queue: JournalQueue(maximumBytes: 200_000))
        let reader = try JournalReader(path: path)
        let (loops, each) = (4, 1_500)
        var threads = (0..<loops).map { loop in
            RunningThread { Self.handOver(each, from: loop, of: loops, to: writer) }
        }
        threads.append(
            RunningThread {
                for _ in 0..<20 {
                    writer.flush()
                    _ = try? reader.entries(after: 1_000_000_005_900)
                }
            })
        for thread in threads { await thread.ended() }
        writer.close()
        var numbers: [Int] = []
        var outcomes = 0
        try reader.each { entry in
            numbers.append(entry.call.number)
            outcomes += entry.call.outcome == nil ? 0 : 1
            return true
        }
        #expect(numbers == Array(1...(loops * each)))
        #expect(outcomes == loops * each)
        #expect(warnings.all == [])
    }

    /// Numbers in between those of other loops; a third of the calls end later than the others.
    private static func handOver(_ count: Int, from loop: Int, of loops: Int, to writer: JournalWriter) {
        for index in 0..<count {
            let number = index * loops + loop + 1
            writer.arrived(SampleCall.bare(number))
            if index % 3 != 0 { writer.ended(number: number, SampleCall.report()) }
        }
        for index in stride(from: 0, to: count, by: 3) {
            writer.ended(number: index * loops + loop + 1, SampleCall.report(.closed))
        }
    }
}
