import Support
import Testing

@testable import WebSocketWire

@Suite("Frame header") struct FrameHeaderTests {
    @Test("what is written is read back, and nothing of it before it is all there")
    func roundTrip() throws {
        for length in [0, 1, 125, 126, 65_535, 65_536, 1 << 40] {
            for mask in [nil, 0, 0xFFFF_FFFF, 0x0102_0304] as [UInt32?] {
                let header = FrameHeader(isFinal: length != 126, opcode: .binary, length: length, mask: mask)
                var bytes: [UInt8] = []
                header.write(into: &bytes)
                #expect(bytes.count == header.size)
                let expected = FrameHeader.Expectation(
                    sender: mask == nil ? .server : .client, isInMessage: false, longest: .max, room: .max)
                for count in 0...bytes.count {
                    let beginning = Array(bytes[..<count])
                    let read = try FrameHeader.read(beginning.span, from: 0, expecting: expected)
                    #expect(read == (count == bytes.count ? header : nil), "\(length), \(count) bytes")
                }
            }
        }
    }

    @Test("masking is an exclusive or with the key, byte by byte, from wherever it goes on")
    func masking() {
        let seed: UInt64 = 53
        var chance = SeededGenerator(seed: seed)
        for count in 0...70 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) }
            let key = UInt32.random(in: 0...UInt32.max, using: &chance)
            let letters = withUnsafeBytes(of: key) { Array($0) }
            let expected = bytes.enumerated().map { $1 ^ letters[$0 % 4] }
            for cut in 0...count {
                var copy = bytes
                copy.withUnsafeMutableBytes { all in
                    let next = PayloadMask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: all[..<cut]))
                    _ = PayloadMask.apply(next, to: UnsafeMutableRawBufferPointer(rebasing: all[cut...]))
                }
                #expect(copy == expected, "seed \(seed), \(count) bytes cut at \(cut)")
            }
        }
    }
}
