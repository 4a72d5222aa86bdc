import Bytes
import Testing

@Suite("Byte key") struct ByteKeyTests {
    @Test("slices of the same bytes are one key, wherever they lie")
    func places() {
        let bytes = Array("xxagent/agentxx".utf8)
        let (first, second) = (ByteKey(bytes[2..<7]), ByteKey(bytes[8..<13]))
        #expect(first == second)
        #expect(Set([first, second, ByteKey(Array("agent".utf8))]).count == 1)
        #expect(first != ByteKey(bytes[2..<8]))
        #expect(first != ByteKey(bytes[1..<6]))
    }

    @Test("an owned key is the same key, and keeps only its own bytes")
    func owned() {
        let key = ByteKey(Array("xxagent".utf8)[2...])
        #expect(key.owned == key)
        #expect(key.owned.bytes.startIndex == 0)
    }
}
