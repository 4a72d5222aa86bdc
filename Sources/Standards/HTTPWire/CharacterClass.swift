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
        let rest = bytes.extracting(start..<end)
        var count = 0
        while count < rest.count, contains(rest[count]) { count &+= 1 }
        return count
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
