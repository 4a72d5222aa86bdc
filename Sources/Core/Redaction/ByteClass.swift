/// What a byte may mean to a search, told at once: nearly all bytes of a text mean nothing.
struct ByteClass: OptionSet {
    let rawValue: UInt8

    /// RFC 4648 4.
    static let base64 = ByteClass(rawValue: 1)
    /// RFC 4648 5: what the other alphabet has instead of `+` and `/`.
    static let base64URL = ByteClass(rawValue: 2)
    /// What shows by its looks may begin here, or stand around it.
    static let shape = ByteClass(rawValue: 4)
    /// A name ends here, and its value follows.
    static let name = ByteClass(rawValue: 8)
    static let backslash = ByteClass(rawValue: 16)
    static let percent = ByteClass(rawValue: 32)

    @inline(__always) init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A character for each of the first 128 bytes, whose code is 64 more than the class.
    private static let codes: StaticString = """
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
        @@@@@`@@@@@A@B@AAAAAAAAAAAH@@H@@\
        DEEAAAEAAEAAAAAAAAAAAAAAAAA@P@@B\
        @AEAAEAAAAAAAAAAAAAAAAAAAAA@@@@@
        """

    @inline(__always) init(_ byte: UInt8) {
        self.init(rawValue: byte < 128 ? Self.codes.utf8Start[Int(byte)] &- 64 : 0)
    }
}
