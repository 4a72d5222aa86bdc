import Support
import Testing

@testable import WebSocketWire

@Suite("UTF-8 check") struct UTF8CheckTests {
    /// Where the first byte stands that cannot, or nil; and whether the text may end there.
    private func check(_ bytes: [UInt8]) -> (bad: Int?, isWhole: Bool) {
        var check = UTF8Check()
        for (place, byte) in bytes.enumerated() {
            if ![byte].withUnsafeBytes({ check.take($0) }) { return (place, false) }
        }
        return (nil, check.isBetweenCharacters)
    }

    @Test("every character there is, and no surrogate")
    func scalars() {
        for value in UInt32(0)...0x11_0000 {
            var check = UTF8Check()
            let isTaken = Self.encoded(value).withUnsafeBytes { check.take($0) }
            guard isTaken == (Unicode.Scalar(value) != nil), !isTaken || check.isBetweenCharacters else {
                Issue.record("U+\(String(value, radix: 16))")
                return
            }
        }
    }

    @Test("the first bad byte is the one with which no text can begin")
    func firstBadByte() {
        let firsts: [UInt8] = [
            0, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4,
            0xF5, 0xFF,
        ]
        let others: [UInt8] = [0, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for first in firsts {
            for second in others {
                for third in others {
                    let bytes = [first, second, third, 0x80]
                    let begins = (1...4).first { !Self.canBegin(Array(bytes[..<$0])) }
                    #expect(check(bytes).bad == begins.map { $0 - 1 }, "\(bytes)")
                }
            }
        }
    }

    @Test("in pieces and in one, as the library judges it")
    func pieces() {
        let seed: UInt64 = 8
        var chance = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            var bytes = Array(String(repeating: "aé€😀", count: Int.random(in: 0...5, using: &chance)).utf8)
            for _ in 0..<Int.random(in: 0...2, using: &chance) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let cut = Int.random(in: 0...bytes.count, using: &chance)
            var check = UTF8Check()
            let isTaken = [bytes[..<cut], bytes[cut...]].allSatisfy { $0.withUnsafeBytes { check.take($0) } }
            #expect((isTaken && check.isBetweenCharacters) == isValid, "seed \(seed), round \(round)")
        }
    }

    /// As UTF-8 would write it, also what it does not write.
    private static func encoded(_ value: UInt32) -> [UInt8] {
        func rest(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(value >> shift & 63) }
        return switch value {
        case ..<0x80: [UInt8(value)]
        case ..<0x800: [0xC0 | UInt8(value >> 6), rest(0)]
        case ..<0x1_0000: [0xE0 | UInt8(value >> 12), rest(6), rest(0)]
        default: [0xF0 | UInt8(value >> 18), rest(12), rest(6), rest(0)]
        }
    }

    /// Whether some text begins with these bytes: with one to three more, it is one.
    private static func canBegin(_ bytes: [UInt8]) -> Bool {
        let rests: [[UInt8]] = [
            [], [0x80], [0xA0], [0x90], [0x80, 0x80], [0xA0, 0x80], [0x90, 0x80], [0x80, 0x80, 0x80],
            [0x90, 0x80, 0x80],
        ]
        for rest in rests
        where String(validating: bytes + rest, as: UTF8.self) != nil { return true }
        return false
    }
}
