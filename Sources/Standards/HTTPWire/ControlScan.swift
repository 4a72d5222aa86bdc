/// Finds control characters eight bytes at a time: they end a line, or spoil it.
enum ControlScan {
    /// Where the first byte below 0x20, or 0x7F, stands in `start..<end`; `end` when there is none.
    static func first(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        bytes.extracting(start..<end).withUnsafeBytes { rest in
            var index = 0
            // Long values are looked at in strides.
            while index &+ 32 <= rest.count,
                marks(rest, index) | marks(rest, index &+ 8) | marks(rest, index &+ 16) | marks(rest, index &+ 24) == 0
            { index &+= 32 }
            while index &+ 8 <= rest.count {
                let found = marks(rest, index)
                index &+= found == 0 ? 8 : found.trailingZeroBitCount / 8
                if found == 0 { continue }
                if isControl(rest[index]) { return start &+ index }
                index &+= 1
            }
            while index < rest.count, !isControl(rest[index]) { index &+= 1 }
            return start &+ index
        }
    }

    @inline(__always) private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    /// The top bit of each byte that is a control character. A borrow or a carry may mark another byte falsely: whoever
    /// finds a mark looks at its byte.
    @inline(__always) private static func marks(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let ones: UInt64 = 0x0101_0101_0101_0101
        return ((word &- ones &* 0x20) | (word &+ ones)) & ~word & (ones &* 0x80)
    }
}
