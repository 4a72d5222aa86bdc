import Testing

@testable import Journal

@Suite("Block table") struct BlockTableTests {
    private func likeness(_ text: String, _ table: inout BlockTable, _ kind: BlockTable.Kind = .head)
        -> BlockTable.Likeness?
    {
        let bytes = Array(text.utf8)
        return table.likeness(of: bytes.span, kind)
    }

    private func line(_ table: BlockTable, _ number: Int) -> String {
        String(decoding: table.bases.blocks[number], as: UTF8.self)
    }

    @Test("a block becomes a base when one like it follows, and says from then on what others share with it")
    func sightings() {
        var table = BlockTable()
        table.begin()
        #expect(likeness("Date: 12:00:00 Host: localhost", &table) == nil)
        #expect(likeness("Date: 12:00:01 Host: localhost", &table) == .init(base: 0, prefix: 13, suffix: 16))
        #expect(line(table, 0) == "Date: 12:00:00 Host: localhost")
        #expect(likeness("Date: 12:00:00 Host: localhost", &table) == .init(base: 0, prefix: 30, suffix: 0))
    }

    @Test("kinds and lengths are compared among themselves")
    func kinds() {
        var table = BlockTable()
        table.begin()
        for _ in 0..<2 { _ = likeness("the same twenty bytes", &table) }
        #expect(likeness("the same twenty bytes", &table, .body) == nil)
        #expect(likeness("the same twenty bytes.", &table) == nil)
        // 64 bytes more are looked for in the same place.
        #expect(likeness("the same twenty bytes" + String(repeating: ".", count: 64), &table) == nil)
        #expect(likeness("the same twenty bytes", &table) == .init(base: 0, prefix: 21, suffix: 0))
    }

    @Test("when other blocks come, they get a base of their own, and the one before stays for those that refer to it")
    func change() {
        var table = BlockTable()
        table.begin()
        for _ in 0..<2 { _ = likeness("AAAAAAAAAAAAAAAAAAAA", &table) }
        #expect(likeness("BBBBBBBBBBBBBBBBBBBB", &table) == nil)
        #expect(likeness("BBBBBBBBBBBBBBBBBBBB", &table)?.base == 1)
        #expect(line(table, 0) == "AAAAAAAAAAAAAAAAAAAA" && line(table, 1) == "BBBBBBBBBBBBBBBBBBBB")
    }

    @Test("what is too short to gain by it, or too long, or half different, is like nothing")
    func unlike() {
        var table = BlockTable()
        table.begin()
        for text in ["", "fifteen bytes..", String(repeating: "x", count: 4_097)] {
            for _ in 0..<3 { #expect(likeness(text, &table) == nil) }
        }
        #expect(likeness("12345678--------", &table) == nil)
        #expect(likeness("1234567abcdefghi", &table) == nil)
        #expect(likeness("1234567a!!!!!!!!", &table) == .init(base: 0, prefix: 8, suffix: 0))
    }

    @Test("a full list is followed by a new one, and the old one still holds what it held")
    func full() {
        var table = BlockTable()
        table.begin()
        let first = table.bases
        for number in 0..<100 {
            table.begin()
            let block = String(repeating: Character(UnicodeScalar(UInt8(32 + number % 90))), count: 4_000)
            for _ in 0..<2 { _ = likeness(block, &table) }
        }
        #expect(table.bases !== first)
        #expect(first.blocks.count == 66 && table.bases.blocks.count == 34)
        #expect(first.blocks[0] == [UInt8](repeating: 32, count: 4_000))
    }
}
