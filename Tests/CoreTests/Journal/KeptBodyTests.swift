import HTTPWire
import Journal
import Support
import Testing
import Time

@Suite("Kept body") struct KeptBodyTests {
    @Test("a body up to the limit is kept whole, a longer one up to it")
    func limit() {
        let whole = [UInt8](repeating: 0x61, count: KeptBody.limit)
        #expect(KeptBody.cut(whole) == whole)
        #expect(KeptBody.cut(whole + [0x62, 0x63]) == whole)
        #expect(KeptBody.cut([]) == [])
    }

    @Test("the cut falls between two characters", arguments: 0..<5)
    func characters(shift: Int) {
        let text = String(repeating: "a", count: shift) + String(repeating: "é€😀", count: 120_000)
        let kept = KeptBody.cut(Array(text.utf8))
        #expect(String(validating: kept, as: UTF8.self) != nil)
        #expect((KeptBody.limit - 3...KeptBody.limit).contains(kept.count))
    }

    @Test("bytes that are no text are cut close to the limit too")
    func noText() {
        #expect(KeptBody.cut([UInt8](repeating: 0x80, count: KeptBody.limit + 9)).count == KeptBody.limit - 3)
    }

    @Test("a reply tells the true size beside what it keeps")
    func reply() {
        let body = [UInt8](repeating: 0x61, count: 3 << 20)
        let reply = ReplyRecord(status: 200, fields: FieldBlock(), body: body)
        #expect(reply.body.count == KeptBody.limit)
        #expect(reply.bodyBytes == 3 << 20)
    }
}
