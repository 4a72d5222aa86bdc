import Bytes
import Testing

@Suite("Hex") struct HexTests {
    @Test("bytes leave in lower case and come back from either case")
    func roundTrip() {
        #expect(Hex.encode([0x00, 0x9F, 0xFF]) == "009fff")
        #expect(Hex.decode(Array("009FfF".utf8)) == [0x00, 0x9F, 0xFF])
    }

    @Test("a number's digits, zeros included")
    func digits() {
        let text = [UInt8](capacity: 28) {
            Hex.append(0x0123_4567_89AB_CDEF as UInt64, to: &$0)
            Hex.append(0x00AB_CDEF as UInt32, to: &$0)
            Hex.append(0x090A as UInt16, to: &$0)
        }
        #expect(String(lossy: text) == "0123456789abcdef00abcdef090a")
    }

    @Test("a digest of any length is written as its bytes are, one by one")
    func digests() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 9) }
            var text: [UInt8] = [0x2D]
            Hex.append(bytes, to: &text)
            #expect(String(lossy: text) == "-" + Hex.encode(AnySequence(bytes)), "\(count) bytes")
        }
    }

    @Test("an odd count or a foreign letter is refused", arguments: ["0", "0g", "00 ", "+1"])
    func refused(text: String) {
        #expect(Hex.decode(Array(text.utf8)) == nil)
    }
}
