import Bytes
import Testing

@testable import HTTPWire

@Suite("GivenFields") struct GivenFieldsTests {
    private func block(_ fields: (String, String)...) -> FieldBlock {
        var block = FieldBlock()
        for field in fields { block.add(name: field.0, value: field.1) }
        return block
    }

    private func written(_ block: FieldBlock, isSwitching: Bool = false) -> String {
        let bytes = [UInt8](capacity: block.bytes.count) {
            GivenFields(block).append(block, isSwitching: isSwitching, to: &$0)
        }
        return String(lossy: bytes)
    }

    @Test("what belongs to the connection is left out, the rest leaves as it is")
    func leftOut() {
        let fields = block(
            ("A", "1"), ("content-LENGTH", "5"), ("Transfer-Encoding", "chunked"), ("B", "\t:\t"),
            ("Connection", "x"), ("Keep-Alive", "5"), ("C", ""))
        #expect(written(fields) == "A: 1\r\nB: \t:\t\r\nC: \r\n")
        #expect(written(block(("A", "1"))) == "A: 1\r\n")
        #expect(written(FieldBlock()) == "")
    }

    @Test("an answer that switches protocols keeps its Connection")
    func switching() {
        let fields = block(("Connection", "upgrade"), ("Upgrade", "websocket"))
        #expect(written(fields, isSwitching: true) == "Connection: upgrade\r\nUpgrade: websocket\r\n")
        #expect(written(fields) == "Upgrade: websocket\r\n")
    }

    @Test("a given Date, an Upgrade and a wish to close are noticed")
    func noticed() {
        #expect(GivenFields(block(("date", "x"))).hasDate)
        #expect(!GivenFields(block(("Dat", "x"))).hasDate)
        #expect(GivenFields(block(("UPGRADE", "x"))).hasUpgrade)
        #expect(!GivenFields(block(("Update", "x"))).hasUpgrade)
        #expect(GivenFields(block(("Connection", "a, Close"))).asksToClose)
        #expect(!GivenFields(block(("Connection", "closed"))).asksToClose)
        #expect(!GivenFields(block(("Connection", ""))).asksToClose)
    }

    @Test(
        "bytes that were never fields crash nothing",
        arguments: ["", "a", ":", "\r\n", "Connection", "Connection:", "Date"])
    func garbage(text: String) {
        let block = FieldBlock(bytes: Array(text.utf8))
        #expect(written(block).utf8.count <= text.utf8.count)
    }
}
