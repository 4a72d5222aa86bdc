import Bytes
import Support
import Testing

@Suite("Byte search") struct ByteSearchTests {
    @Test("a byte is found at its first place in the range, or not", arguments: [UInt64(81), 82])
    func byte(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &chance)).map { _ in
                UInt8.random(in: Bool.random(using: &chance) ? 0...255 : 0x1F...0x22, using: &chance)
            }
            let start = Int.random(in: 0...bytes.count, using: &chance)
            let range = start..<Int.random(in: start...bytes.count, using: &chance)
            for byte in [0x20, 0x21, 0x00, 0xFF] as [UInt8] {
                let expected = bytes[range].firstIndex(of: byte) ?? range.upperBound
                #expect(ByteSearch.first(byte, in: bytes.span, range) == expected, "seed \(seed), round \(round)")
                let limit = min(byte, 0x7F) + 1
                let below = bytes[range].firstIndex { $0 < limit } ?? range.upperBound
                #expect(ByteSearch.firstBelow(limit, in: bytes.span, range) == below, "seed \(seed), round \(round)")
            }
        }
    }

    @Test("a text is found at its first place, or not", arguments: [UInt64(91), 92])
    func text(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0..<60, using: &chance)).map { _ in
                UInt8.random(in: 0x61...0x64, using: &chance)
            }
            let text = (0..<Int.random(in: 1..<5, using: &chance)).map { _ in
                UInt8.random(in: 0x61...0x63, using: &chance)
            }
            let start = Int.random(in: 0...bytes.count, using: &chance)
            let expected = (start..<max(start, bytes.count - text.count + 1)).first {
                bytes[$0..<$0 + text.count].elementsEqual(text)
            }
            let found = ByteSearch.first(text.span, in: bytes.span, from: start)
            #expect(found == expected, "seed \(seed), round \(round)")
        }
    }

    @Test("nothing is found in nothing, and nothing for an empty text")
    func empty() {
        let (none, one): ([UInt8], [UInt8]) = ([], [1])
        let found = [
            ByteSearch.first(none.span, in: one.span, from: 0), ByteSearch.first(one.span, in: none.span, from: 0),
            ByteSearch.first(one.span, in: one.span, from: 1),
        ]
        #expect(found == [nil, nil, nil])
        let whole = ByteSearch.first(one.span, in: one.span, from: 0)
        #expect(whole == 0)
    }

    @Test("bytes of every value are told apart", arguments: 0...255)
    func everyByte(byte: Int) {
        let bytes = (0...255).map { UInt8($0) }
        let text = [UInt8(byte)]
        let found = ByteSearch.first(text.span, in: bytes.span, from: 0)
        #expect(found == byte)
    }

    @Test("two texts are equal when every byte is", arguments: [UInt64(101), 102])
    func equality(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            let left = (0..<Int.random(in: 0..<40, using: &chance)).map { _ in UInt8.random(in: 0...255, using: &chance)
            }
            var right = left
            let areSame = ByteSearch.equal(left.span, right.span)
            #expect(areSame, "seed \(seed), round \(round)")
            if let place = right.indices.randomElement(using: &chance) {
                right[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
                let areNear = ByteSearch.equal(left.span, right.span)
                right.remove(at: place)
                let areLong = ByteSearch.equal(left.span, right.span)
                #expect(!areNear && !areLong, "seed \(seed), round \(round)")
            }
        }
    }
}
