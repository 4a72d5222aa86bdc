import Support
import Testing

@testable import HTTPWire

@Suite("ControlScan") struct ControlScanTests {
    @Test("every control character is found at every place, behind any other byte")
    func everywhere() {
        for byte in UInt8.min...UInt8.max {
            let isControl = byte < 0x20 || byte == 0x7F
            for place in 0..<20 {
                var bytes = [UInt8](repeating: 0x80, count: 20)
                bytes[place] = byte
                #expect(ControlScan.first(in: bytes.span, from: 0, to: 20) == (isControl ? place : 20), "\(byte)")
            }
        }
    }

    @Test("bytes that carry into their neighbours hide none and make none", arguments: [UInt64(121), 122])
    func carries(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let kinds: [UInt8] = [0x1F, 0x20, 0x7E, 0x7F, 0x80, 0xFF, 0x00, 0x61]
        for round in 0..<5_000 {
            let rare = Int.random(in: 1...8, using: &chance)
            let bytes = (0..<24).map { _ in
                let kind = kinds[Int.random(in: 0..<8, using: &chance)]
                return Int.random(in: 0..<rare, using: &chance) == 0 || kind == 0xFF || kind == 0x7E ? kind : 0x61
            }
            let expected = bytes.firstIndex { $0 < 0x20 || $0 == 0x7F } ?? 24
            #expect(ControlScan.first(in: bytes.span, from: 0, to: 24) == expected, "seed \(seed), round \(round)")
        }
    }

    @Test("the first of several counts, between start and end")
    func first() {
        let bytes = Array("ab\rcd\u{7F}ef\nghijklmnopqr\0".utf8)
        #expect(ControlScan.first(in: bytes.span, from: 0, to: bytes.count) == 2)
        #expect(ControlScan.first(in: bytes.span, from: 3, to: bytes.count) == 5)
        #expect(ControlScan.first(in: bytes.span, from: 6, to: bytes.count) == 8)
        #expect(ControlScan.first(in: bytes.span, from: 9, to: bytes.count) == 21)
        #expect(ControlScan.first(in: bytes.span, from: 9, to: 15) == 15)
        #expect(ControlScan.first(in: bytes.span, from: 4, to: 4) == 4)
    }

    @Test("neighbours of control characters are none")
    func neighbours() {
        let bytes: [UInt8] = [0x20, 0x7E, 0x80, 0xFF, 0x21, 0x9F, 0x20, 0x7E, 0x80]
        #expect(ControlScan.first(in: bytes.span, from: 0, to: 9) == 9)
    }
}
