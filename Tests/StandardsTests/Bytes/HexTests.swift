import Bytes
import Testing

@Suite("Hex") struct HexTests {
    @Test("bytes leave in lower case and come back from either case")
    func roundTrip() {
        #expect(Hex.encode([0x00, 0x9F, 0xFF]) == "009fff")
        #expect(Hex.decode(Array("009FfF".utf8)) == [0x00, 0x9F, 0xFF])
    }

    @Test("an odd count or a foreign letter is refused", arguments: ["0", "0g", "00 ", "+1"])
    func refused(text: String) {
        #expect(Hex.decode(Array(text.utf8)) == nil)
    }
}
