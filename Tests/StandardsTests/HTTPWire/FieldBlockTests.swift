import HTTPWire
import Testing

@Suite("FieldBlock") struct FieldBlockTests {
    @Test("fields stand in the order in which they were added, ready to leave")
    func order() {
        var block = FieldBlock()
        block.add("B", "1")
        block.add(name: "A", value: "é")
        block.add("C", Array("x\ty".utf8))
        block.add("D", decimal: -40)
        #expect(block.bytes == Array("B: 1\r\nA: é\r\nC: x\ty\r\nD: -40\r\n".utf8))
        #expect(block.list.map(\.name) == ["B", "A", "C", "D"])
        #expect(block.list.map(\.value) == ["1", "é", "x\ty", "-40"])
    }

    @Test("no value can end its line and begin another")
    func splitting() {
        var block = FieldBlock()
        block.add("A", "b\r\nSet-Cookie: c\0\u{7F}")
        #expect(block.bytes == Array("A: b  Set-Cookie: c  \r\n".utf8))
    }

    @Test("a name that is no token is left out", arguments: ["", "A B", "A:", "A\r\nB", "é", "A\0"])
    func names(name: String) {
        var block = FieldBlock()
        block.add(name: name, value: "b")
        #expect(block.bytes.isEmpty)
    }

    @Test("fields are found and removed whatever their case")
    func lookup() {
        var block = FieldBlock()
        for (name, value) in [("A", "1"), ("B", ""), ("a", "2")] { block.add(name: name, value: value) }
        #expect(block.value(of: "a") == "1")
        #expect(block.value(of: "b") == "")
        #expect(block.value(of: "c") == nil)
        block.remove("A")
        #expect(block.list.map(\.name) == ["B"])
    }
}
