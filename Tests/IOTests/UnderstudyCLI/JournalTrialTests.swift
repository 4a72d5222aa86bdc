import Journal
import JSON
import Store
import Support
import Testing
import Verdicts

@testable import UnderstudyCLI

@Suite("Judging a journal file") struct JournalTrialTests {
    private let folder: TemporaryFolder
    private let seed = UInt64.random(in: .min ... .max)

    init() throws { folder = try TemporaryFolder() }

    private func reader(_ calls: [EndedCall]) throws -> JournalReader {
        let path = folder.path("calls.sqlite")
        let writer = try JournalWriter(path: path, limit: nil) { _ in }
        for call in calls { writer.arrived(call) }
        writer.close()
        return try JournalReader(path: path)
    }

    private func told(_ reader: JournalReader, _ wanted: Wanted) throws -> [String] {
        var reading = CallReading(wanted: wanted)
        var told: [String] = []
        try reader.eachPage(run: 1, CallReading.fields, { reading.call(of: $0) }) { page in
            told += page.map { "\($0)" }
            reading.partWithTexts()
            return true
        }
        return told
    }

    @Test("what judges learn of a call from a row's columns is what its whole record says")
    func columns() throws {
        var random = RandomCall(generator: SeededGenerator(seed: seed))
        let calls = (1...300).map { random.call($0) } + [SampleCall.full(301), SampleCall.bare(302)]
        let reader = try reader(calls)
        var wanted = Wanted()
        (wanted.headers, wanted.paths) = (["x-a", "accept"], ["$.prompt"])
        let records = try reader.entries().map { "\(ObservedCall($0.call, wanted: wanted))" }
        let columns = try told(reader, wanted)
        #expect(columns.count == 302 && records.count == 302)
        for (column, record) in zip(columns, records) { #expect(column == record, "seed \(seed)") }
    }

    @Test("runs do not mix, pages join without a gap, and who has seen enough is told no more")
    func pages() throws {
        let reader = try reader((1...9_000).map { SampleCall.bare($0) })
        var reading = CallReading(wanted: Wanted())
        var pages: [[Int]] = []
        try reader.eachPage(run: 1, CallReading.fields, { reading.call(of: $0).number }) { page in
            pages.append(page)
            return true
        }
        #expect(pages.flatMap { $0 } == Array(1...9_000) && pages.count > 2)
        pages = []
        try reader.eachPage(run: 1, CallReading.fields, { reading.call(of: $0).number }) { page in
            pages.append(page)
            return false
        }
        #expect(pages.count == 1)
        try reader.eachPage(run: 2, CallReading.fields, { reading.call(of: $0).number }) { page in
            #expect(page.isEmpty)
            return true
        }
    }
}
