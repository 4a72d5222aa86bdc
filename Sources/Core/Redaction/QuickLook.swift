import Bytes

/// Whether a text may hold a secret as it stands: every body is asked, and nearly none does. Not every byte is looked at.
enum QuickLook {
    static func mayHold(_ text: Span<UInt8>) -> Bool { hasName(text) || hasShape(text) }

    // MARK: Names, and escapes that may hide them

    private static func hasName(_ text: Span<UInt8>) -> Bool {
        let bytes = text.bytes
        var start = 0
        while start + 8 <= text.count {
            var found = marks(UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)))
            while found != 0 {
                if mayBeName(text, at: start + found.trailingZeroBitCount / 8) { return true }
                found &= found - 1
            }
            start += 8
        }
        while start < text.count {
            if mayBeName(text, at: start) { return true }
            start += 1
        }
        return false
    }

    /// The high bit of each byte that is `:`, `=` or a backslash; one above such a byte may be set wrongly.
    @inline(__always) private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (a, b, c) = (word ^ ones &* 0x3A, word ^ ones &* 0x3D, word ^ ones &* 0x5C)
        return ((a &- ones) & ~a | (b &- ones) & ~b | (c &- ones) & ~c) & (ones &* 0x80)
    }

    private static func mayBeName(_ text: Span<UInt8>, at place: Int) -> Bool {
        switch text[place] {
        // The last of a row: of escapes in escapes too.
        case UInt8(ascii: "\\"):
            return (place + 1 == text.count || text[place + 1] != UInt8(ascii: "\\")) && hides(text, place + 1)
        case UInt8(ascii: "="): return isNamed(text, before: place) || isPart(text, equals: place)
        case UInt8(ascii: ":"): return isNamed(text, before: place)
        default: return false
        }
    }

    /// `\u0041`, of what is written as it is otherwise, and `\/`, which breaks what stands in a row.
    private static func hides(_ text: Span<UInt8>, _ at: Int) -> Bool {
        guard at < text.count else { return false }
        if text[at] == UInt8(ascii: "/") { return true }
        return at + 3 < text.count && text[at] == UInt8(ascii: "u") && text[at + 1] == UInt8(ascii: "0")
            && text[at + 2] == UInt8(ascii: "0") && text[at + 3] &- 0x32 < 6
    }

    /// `; name="` of a multipart form, whose value stands some lines below.
    private static func isPart(_ text: Span<UInt8>, equals place: Int) -> Bool {
        guard place + 1 < text.count, text[place + 1] == UInt8(ascii: "\""), place >= 6 else { return false }
        return ASCII.equals(text.extracting(place - 6..<place), lowercase: "; name")
            || ASCII.equals(text.extracting(place - 5..<place), lowercase: ";name")
    }

    private static let longestEnding = 66

    static func isNamed(_ text: Span<UInt8>, before mark: Int) -> Bool {
        var end = mark
        while end > 0, isBetween(text[end - 1]) { end -= 1 }
        guard end > 1 else { return false }
        let name = text.extracting(max(0, end - longestEnding)..<end)
        return SecretName.matches(name) || endsSpecially(name)
    }

    private static func isBetween(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
    }

    /// `code` and `Session`, which are secrets where nobody takes them.
    private static func endsSpecially(_ name: Span<UInt8>) -> Bool {
        guard name.count > 3 else { return false }
        switch name[name.count - 1] {
        case UInt8(ascii: "e"): return ASCII.equals(name.extracting(name.count - 4..<name.count), lowercase: "code")
        case UInt8(ascii: "n"):
            return name.count > 7 && name[name.count - 7] == UInt8(ascii: "S")
                && ASCII.equals(name.extracting(name.count - 7..<name.count), lowercase: "session")
        default: return false
        }
    }

    // MARK: Shapes

    /// No secret that shows by its looks has a shorter run of base64 in it.
    private static let shortestRun = 12

    /// A run so long has a letter at one of the places that are looked at; from there it is followed to both ends.
    private static func hasShape(_ text: Span<UInt8>) -> Bool {
        var (at, known) = (shortestRun - 1, 0)
        while at < text.count {
            guard isLetter(text[at]) else {
                at += shortestRun
                continue
            }
            var start = at
            while start > known, isLetter(text[start - 1]) { start -= 1 }
            guard at - start >= shortestRun - 1 else {
                (known, at) = (start, start + shortestRun - 1)
                continue
            }
            var end = at + 1
            while end < text.count, isLetter(text[end]) { end += 1 }
            if hasShape(text, start..<end) { return true }
            (known, at) = (end, end + shortestRun)
        }
        return false
    }

    @inline(__always) private static func isLetter(_ byte: UInt8) -> Bool {
        !ByteClass(byte).isDisjoint(with: [.base64, .base64URL])
    }

    private static func hasShape(_ text: Span<UInt8>, _ run: Range<Int>) -> Bool {
        var keyStart = run.lowerBound
        // Of `\n` and its like, the letter is no part of the run that follows.
        if run.count == 1 + SecretShapes.secretKeyLength, run.lowerBound > 0,
            text[run.lowerBound - 1] == UInt8(ascii: "\\")
        {
            return true
        }
        for at in run {
            let byte = text[at]
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") {
                if at - keyStart == SecretShapes.secretKeyLength { return true }
                keyStart = at + 1
            } else if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "A") || byte == UInt8(ascii: "I")
                || byte == UInt8(ascii: "F")
            {
                if begins(text, at, run.upperBound) { return true }
            }
        }
        return run.upperBound - keyStart == SecretShapes.secretKeyLength
    }

    /// A JWT, an access key or a session token, by its first letters.
    static func begins(_ text: Span<UInt8>, _ at: Int, _ end: Int) -> Bool {
        guard at + 4 <= end else { return false }
        switch (text[at], text[at + 1], text[at + 2], text[at + 3]) {
        // eyJ
        case (0x65, 0x79, 0x4A, _): return true
        // AKIA, ASIA, ABIA, ACCA
        case (0x41, 0x4B, 0x49, 0x41), (0x41, 0x53, 0x49, 0x41), (0x41, 0x42, 0x49, 0x41), (0x41, 0x43, 0x43, 0x41):
            return true
        // IQoJ, FwoG, FQoG
        case (0x49, 0x51, 0x6F, 0x4A), (0x46, 0x77, 0x6F, 0x47), (0x46, 0x51, 0x6F, 0x47): return true
        default: return false
        }
    }
}

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

    @inline(__always) init(_ byte: UInt8) { self.init(byte, in: Self.all) }

    /// The classes of all bytes, for whoever asks for many.
    @inline(__always) static var all: UnsafePointer<UInt8> { codes.utf8Start }

    @inline(__always) init(_ byte: UInt8, in all: UnsafePointer<UInt8>) {
        self.init(rawValue: byte < 128 ? all[Int(byte)] &- 64 : 0)
    }
}
