/// Finds control characters eight bytes at a time: they end a line, or spoil it.
enum ControlScan {
    /// Where the first byte below 0x20, or 0x7F, stands in `start..<end`; `end` when there is none.
    static func first(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        bytes.extracting(start..<end).withUnsafeBytes { rest in
            var index = 0
            while index + 8 <= rest.count {
                let word = UInt64(littleEndian: rest.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let found = marks(word)
                if found != 0 {
                    index += found.trailingZeroBitCount / 8
                    if rest[index] < 0x20 || rest[index] == 0x7F { return start + index }
                    index += 1
                } else {
                    index += 8
                }
            }
            while index < rest.count, rest[index] >= 0x20, rest[index] != 0x7F { index += 1 }
            return start + index
        }
    }

    /// The top bit of each byte that is a control character. A borrow or a carry may mark another byte falsely: whoever
    /// finds a mark looks at its byte.
    @inline(__always) private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        return ((word &- ones &* 0x20) | (word &+ ones)) & ~word & (ones &* 0x80)
    }
}
