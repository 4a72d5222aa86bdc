/// A set of characters from the grammars of RFC 9110 and RFC 3986: a bit in one table that all sets share.
struct CharacterClass: Equatable, Sendable {
    private let bit: UInt8

    /// RFC 9110 5.6.2: tchar.
    static var token: CharacterClass { CharacterClass(bit: 1) }
    /// RFC 3986 3.3: pchar and the slash between segments; but not the `%` of an escape, which is looked at alone.
    static var path: CharacterClass { CharacterClass(bit: 2) }
    /// RFC 3986 3.4: query = *( pchar / "/" / "?" ), the `%` included.
    static var query: CharacterClass { CharacterClass(bit: 4) }
    /// RFC 3986 3.2.2: reg-name, without the comma. A list of hosts would be a legal name, and never is one.
    static var registeredName: CharacterClass { CharacterClass(bit: 8) }

    @inline(__always) func contains(_ byte: UInt8) -> Bool { Self.table.utf8Start[Int(byte)] & bit != 0 }

    /// How many bytes from `start` on, before `end`, belong to the set.
    @inline(__always) func run(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        bytes.extracting(start..<end).withUnsafeBufferPointer { rest in
            let table = Self.table.utf8Start
            var count = 0
            // Four at a time, as long as all of them belong to it.
            while count &+ 4 <= rest.count,
                table[Int(rest[count])] & table[Int(rest[count &+ 1])] & table[Int(rest[count &+ 2])]
                    & table[Int(rest[count &+ 3])] & bit != 0
            { count &+= 4 }
            while count < rest.count, contains(rest[count]) { count &+= 1 }
            return count
        }
    }

    /// A character for each of the 256 bytes, 32 in a row; the low four bits of its code say which sets the byte is in.
    /// "@" is in none, "O" in all. A constant in the binary: an array made at the first use would be asked for at every
    /// byte. The tests spell the sets out.
    private static var table: StaticString {
        """
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
        @O@AOMOONNOOFOOFOOOOOOOOOOFN@N@D\
        FOOOOOOOOOOOOOOOOOOOOOOOOOO@@@AO\
        AOOOOOOOOOOOOOOOOOOOOOOOOOO@A@O@\
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
        """
    }
}

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
