import Support
import Testing

@testable import JSON

@Suite("Plain text") struct PlainTextTests {
    @Test("every byte value is found or passed at every place of a word", arguments: 0...255)
    func everyByte(byte: Int) {
        for length in 0..<20 {
            for place in 0...length {
                var bytes = [UInt8](repeating: 0x61, count: length)
                bytes.insert(UInt8(byte), at: place)
                let isSpecial = byte < 0x20 || byte == 0x22 || byte == 0x5C
                let end = PlainText.end(in: bytes.span, from: 0)
                #expect(end == (isSpecial ? place : bytes.count), "length \(length), place \(place)")
            }
        }
    }

    @Test("random bytes end where the first special one stands, from any start", arguments: [UInt64(41), 42])
    func random(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &chance)).map { _ in
                UInt8.random(in: Bool.random(using: &chance) ? 0...255 : 0x1E...0x24, using: &chance)
            }
            let start = Int.random(in: 0...bytes.count, using: &chance)
            let end = bytes[start...].firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C } ?? bytes.count
            #expect(PlainText.end(in: bytes.span, from: start) == end, "seed \(seed), round \(round)")
        }
    }
}
