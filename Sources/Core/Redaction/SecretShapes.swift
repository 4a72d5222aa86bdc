import Bytes

/// Secrets that show by their looks what they are, wherever they stand.
struct SecretShapes {
    let includesEmail: Bool

    /// What begins at this place, or stands around it; asked only where the byte is of the class `shape`.
    func secret(in text: [UInt8], at place: Int) -> (kind: SecretKind, range: Range<Int>)? {
        switch text[place] {
        case UInt8(ascii: "e"): return Self.tokenEnd(text, place).map { (.jwt, place..<$0) }
        case UInt8(ascii: "A"): return Self.accessKeyEnd(text, place).map { (.awsKey, place..<$0) }
        case UInt8(ascii: "I"), UInt8(ascii: "F"):
            return Self.sessionTokenEnd(text, place).map { (.token, place..<$0) }
        case UInt8(ascii: "B"), UInt8(ascii: "b"): return Self.bearer(text, place).map { (.token, $0) }
        case UInt8(ascii: "@"): return includesEmail ? Self.email(text, place).map { (.email, $0) } : nil
        default: return nil
        }
    }

    static let secretKeyLength = 40

    /// What all of the text is, if it is one.
    static func kind(of text: [UInt8]) -> SecretKind? {
        guard let first = text.first else { return nil }
        if ByteClass(first).contains(.shape), let found = SecretShapes(includesEmail: false).secret(in: text, at: 0),
            found.range == text.indices
        {
            return found.kind
        }
        return text.count == secretKeyLength && text.allSatisfy(isBase64) && isSecretKey(text, text.indices)
            ? .awsKey : nil
    }

    /// RFC 7515 3.1: three parts in base64url with a full stop between them; a JWE has five. The first is a JSON object,
    /// and `{"` is `eyJ`.
    private static func tokenEnd(_ text: [UInt8], _ start: Int) -> Int? {
        guard spells("eyJ", text, start) else { return nil }
        var at = start
        var ends: [Int] = []
        for part in 0..<5 {
            let partStart = at
            while at < text.count, isBase64URL(text[at]) { at += 1 }
            if part < 2, at - partStart < (part == 0 ? 8 : 4) { break }
            ends.append(at)
            guard at < text.count, text[at] == UInt8(ascii: ".") else { break }
            at += 1
        }
        // A full stop that ends a sentence belongs to no third part, but an unsigned token has an empty one.
        return ends.count >= 2 ? ends[ends.count - 1] : nil
    }

    static func beginsToken(_ text: [UInt8], _ start: Int) -> Bool { spells("eyJ", text, start) }

    /// Where the letters of base64url end that go on here.
    static func runEnd(_ text: [UInt8], _ start: Int) -> Int {
        var end = start
        while end < text.count, isBase64URL(text[end]) { end += 1 }
        return end
    }

    /// IAM's unique identifiers: 20 capitals and digits, of which `AKIA` and `ASIA` begin those of access keys.
    private static func accessKeyEnd(_ text: [UInt8], _ start: Int) -> Int? {
        let end = start + 20
        guard end <= text.count,
            spells("AKIA", text, start) || spells("ASIA", text, start) || spells("ABIA", text, start)
                || spells("ACCA", text, start),
            start == 0 || !isWord(text[start - 1]), end == text.count || !isWord(text[end])
        else { return nil }
        let isKey = text[start..<end].allSatisfy { $0 &- 0x41 < 26 || ASCII.isDigit($0) }
        return isKey ? end : nil
    }

    /// What the session tokens of STS begin with.
    private static func sessionTokenEnd(_ text: [UInt8], _ start: Int) -> Int? {
        guard
            spells("IQoJb3JpZ2lu", text, start) || spells("FwoGZXIvYXdz", text, start)
                || spells("FQoGZXIvYXdz", text, start)
        else { return nil }
        var end = start
        while end < text.count, isBase64(text[end]) || text[end] == UInt8(ascii: "=") { end += 1 }
        return end - start >= 32 ? end : nil
    }

    /// RFC 6750 2.1: `credentials = "Bearer" 1*SP b64token`, where a text repeats a field.
    private static func bearer(_ text: [UInt8], _ start: Int) -> Range<Int>? {
        guard start + 15 <= text.count, start == 0 || !isWord(text[start - 1]),
            ASCII.equals(text[start..<start + 7].span, lowercase: "bearer ")
        else { return nil }
        var end = start + 7
        while end < text.count, isBase64URL(text[end]) || isBase64(text[end]) || ".~=".utf8.contains(text[end]) {
            end += 1
        }
        return Opaque.isSecret(text[(start + 7)..<end]) ? start + 7..<end : nil
    }

    /// A secret access key has 40 characters of base64 and nothing that says so. A hash in hexadecimal has as many, and
    /// so may a word; what is neither shows both cases, digits, and few letters twice.
    static func isSecretKey(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        let before = range.lowerBound > 0 ? text[range.lowerBound - 1] : 0
        let after = range.upperBound < text.count ? text[range.upperBound] : 0
        for neighbour in [before, after] where "-_.%\\".utf8.contains(neighbour) { return false }
        guard after != UInt8(ascii: "=") else { return false }
        var seen = SIMD4<UInt64>(repeating: 0)
        var (hasCapital, hasSmall, hasOther) = (false, false, false)
        for byte in text[range] {
            seen[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
            if byte &- 0x41 < 26 {
                hasCapital = true
            } else if byte &- 0x61 < 26 {
                hasSmall = true
            } else {
                hasOther = true
            }
        }
        return hasCapital && hasSmall && hasOther && (0..<4).reduce(0) { $0 + seen[$1].nonzeroBitCount } >= 18
    }

    /// RFC 5322 3.4.1 as people write it: a dot-atom, `@`, a domain with a dot.
    private static func email(_ text: [UInt8], _ at: Int) -> Range<Int>? {
        var start = at
        while start > 0, isLocalPart(text[start - 1]) { start -= 1 }
        while start < at, text[start] == UInt8(ascii: ".") { start += 1 }
        var end = at + 1
        var lastDot: Int?
        while end < text.count, isWord(text[end]) || text[end] == UInt8(ascii: "-") || text[end] == UInt8(ascii: ".") {
            if text[end] == UInt8(ascii: ".") { lastDot = end }
            end += 1
        }
        while end > at, text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: "-") { end -= 1 }
        guard start < at, text[at + 1 < text.count ? at + 1 : at] != UInt8(ascii: "."),
            let dot = lastDot, dot > at + 1 || text[(at + 1)..<end].contains(UInt8(ascii: ".")),
            text[(at + 1)..<end].contains(UInt8(ascii: "."))
        else { return nil }
        return start..<end
    }

    private static func isLocalPart(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "._%+-".utf8.contains(byte)
    }

    private static func spells(_ word: StaticString, _ text: [UInt8], _ start: Int) -> Bool {
        guard start + word.utf8CodeUnitCount <= text.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where text[start + index] != word.utf8Start[index] { return false }
        return true
    }

    static func isWord(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }

    @inline(__always) static func isBase64(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }

    @inline(__always) static func isBase64URL(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

/// Whether a text may be a secret at all, where its name alone does not say so: models stream words as `{"token": "the"}`.
enum Opaque {
    static func isSecret(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 6, text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        return text.count >= 20 || text.contains(where: ASCII.isDigit)
    }

    /// Whether what stood under a secret's name is a secret wherever it stands. There it may be of several words and in any
    /// script, and still has to be long or have a digit.
    static func mayBeRepeated(_ text: [UInt8]) -> Bool {
        text.count { $0 > 0x20 } >= 6 && (text.count >= 20 || text.contains(where: ASCII.isDigit))
    }

    /// `[jwt-1]` or `[redacted]`: what stands where a secret stood.
    static func isPseudonym(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 4, text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else { return false }
        let inner = text.dropFirst().dropLast()
        if inner.elementsEqual("redacted".utf8) { return true }
        guard let hyphen = inner.lastIndex(of: UInt8(ascii: "-")), hyphen + 1 < inner.endIndex else { return false }
        return inner[(hyphen + 1)...].allSatisfy(ASCII.isDigit)
            && inner[..<hyphen].allSatisfy { isKindLetter($0) } && hyphen > inner.startIndex
    }

    private static func isKindLetter(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
