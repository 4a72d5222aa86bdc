import Journal
import Support
import Testing

@testable import Store

@Suite("The journal's reader") struct JournalReaderTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("journal.sqlite")
    }

    private func write(_ calls: [EndedCall]) throws {
        let writer = try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }
        for call in calls { writer.arrived(call) }
        writer.close()
    }

    private func query(_ parameters: [(String, String)]) throws -> Query { try Query(parameters: parameters) }

    @Test("whatever a call holds, it comes back and looks the same")
    func roundTrip() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomCall(generator: SeededGenerator(seed: seed))
        let calls = (1...300).map { random.call($0) }
        try write(calls)
        let back = try JournalReader(path: path).calls()
        #expect(back.count == calls.count)
        for (call, restored) in zip(calls, back) {
            #expect(restored.json.json() == call.record.json.json(), "seed \(seed)")
            #expect(restored.number(.httpMinor) == call.record.number(.httpMinor), "seed \(seed)")
        }
    }

    @Test("a query finds what it matches, and its limit takes the newest")
    func queries() throws {
        var calls = (1...2_500).map { SampleCall.bare($0) }
        for index in calls.indices where index % 5 == 0 { calls[index].session = "five" }
        try write(calls)
        let reader = try JournalReader(path: path)
        #expect(try reader.entries().map(\.call.number) == Array(1...2_500))
        #expect(try reader.entries(matching: query([("limit", "3")])).map(\.call.number) == [2_498, 2_499, 2_500])
        let fives = try query([("session", "fi*")])
        #expect(try reader.entries(matching: fives).count == 500)
        let lastFives = try query([("session", "five"), ("limit", "2")])
        #expect(try reader.entries(matching: lastFives).map(\.call.number) == [2_491, 2_496])
        let all = try query([("session", "five"), ("limit", "10000")])
        #expect(try reader.entries(matching: all).count == 500)
        let late = try query([("since", "2490"), ("limit", "10000")])
        #expect(try reader.entries(matching: late).map(\.call.number) == Array(2_491...2_500))
        #expect(try reader.entries(matching: query([("session", "none"), ("limit", "1")])).isEmpty)
        #expect(try reader.entries(at: [1_000_000_000_007, 1_000_000_000_003, 5]).map(\.call.number) == [3, 7])
    }

    @Test("each page goes on where the last one ended, and stops when it is enough")
    func paging() throws {
        try write((1...2_100).map { SampleCall.bare($0) })
        var seen: [Int] = []
        try JournalReader(path: path).each { entry in
            seen.append(entry.call.number)
            return seen.count < 2_050
        }
        #expect(seen == Array(1...2_050))
    }

    @Test("whoever follows sees each call once, and sees it again when it has ended")
    func following() throws {
        let writer = try JournalWriter(path: path, limit: nil) { Issue.record("\($0)") }
        let reader = try JournalReader(path: path)
        #expect(try reader.entries().isEmpty)
        writer.arrived(SampleCall.bare(1))
        writer.flush()
        let first = try reader.entries()
        #expect(first.map(\.call.ending) == [nil])
        writer.arrived(SampleCall.bare(2))
        writer.ended(number: 1, SampleCall.report())
        writer.flush()
        #expect(try reader.entries(after: first[0].place).map(\.call.number) == [2])
        #expect(try reader.entries(at: [first[0].place]).map(\.call.ending) == [SampleCall.report()])
        writer.close()
    }

    @Test("a library that never kept a journal has no calls and no run")
    func noCalls() throws {
        try LibraryFile.replace(path, with: .init())
        let reader = try JournalReader(path: path)
        #expect(try reader.entries().isEmpty)
        #expect(try reader.lastRun() == nil)
    }

    @Test("rows that somebody edited into nonsense are mistakes with their place")
    func nonsense() throws {
        try write([SampleCall.full(1), SampleCall.full(2), SampleCall.full(3)])
        let database = try Database(path: path, access: .writing)
        try database.run(
            """
            UPDATE calls SET outcome = 'fine', auth_verdict = 'maybe' WHERE number = 1;
            UPDATE calls SET frames = '[{"due":1}]', faults = '"a"' WHERE number = 2;
            UPDATE calls SET reply_headers = 'a' || char(13) || 'b: c' || char(13, 10) || ': ' || char(10) || 'x', target = '',
              request_headers = 'x' || char(10) || char(10) || ':' WHERE number = 3;
            """)
        database.close()
        let error = #expect(throws: DatabaseError.self) { try JournalReader(path: path).entries() }
        #expect(
            error?.description.split(separator: "\n").map { $0.dropFirst(path.count + 2) } == [
                "table calls, row 1000000000001, column auth_verdict: \"maybe\" is not one of allowed, refused, unchecked",
                "table calls, row 1000000000001, column outcome: \"fine\" is not one of completed, client-closed, reset, closed, hung, refused, session-stopped",
                "table calls, row 1000000000002, column faults: is not a JSON array of objects",
                "table calls, row 1000000000002, column frames: is not a JSON array of frames",
            ])
        let third = try JournalReader(path: path).entries(at: [1_000_000_000_003])
        #expect(third.map { $0.call.json["reply"]?["headers"]?.json() } == [#"{"a b":"c","":""}"#])
    }
}
