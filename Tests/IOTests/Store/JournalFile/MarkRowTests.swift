import Journal
import Support
import Testing
import Time

@testable import Store

@Suite("Rows of marks") struct MarkRowTests {
    private func mark(_ second: Int64, by: String? = nil) -> Mark {
        Mark(
            space: "s", agent: by == nil ? "a" : nil, by: by, note: "n", at: Instant(seconds: second),
            clock: Instant(seconds: second + 60))
    }

    @Test("marks stand in the file with their run, in the order in which they were made, and clearing forgets them")
    func written() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("journal.sqlite")
        for run in 1...2 {
            let writer = try JournalWriter(path: path, limit: nil) { _ in }
            writer.arrived(SampleCall.bare(1))
            writer.append(mark(Int64(run)))
            writer.append(mark(9, by: "anna"))
            writer.close()
        }
        let reader = try JournalReader(path: path)
        #expect(try reader.marks(run: 1) == [mark(1), mark(9, by: "anna")])
        #expect(try reader.marks(run: 2) == [mark(2), mark(9, by: "anna")])
        let writer = try JournalWriter(path: path, limit: nil) { _ in }
        writer.append(mark(5))
        writer.flush()
        writer.clear()
        writer.close()
        #expect(try reader.marks(run: 3) == [])
        #expect(try reader.marks(run: 2).count == 2)
    }
}
