import Bytes

/// Secrets by the name that they stand under in a text: members of JSON and of what looks like it (Python's `repr`),
/// parameters of a query or a form, variables of an environment. Nothing is parsed: the text may begin and end anywhere.
struct NamedSecrets {
    private static let longestName = 64

    let text: [UInt8]
    /// In the text as it stands, a value in quotation marks ends with its line at the latest.
    let stopsAtLineEnd: Bool
    var purpose = SearchPurpose.sharing

    typealias Found = (SecretKind, Range<Int>, _ needsQuotes: Bool) -> Void

    /// What stands behind the colon or equals sign at this place.
    func find(at place: Int, _ found: Found) {
        if text[place] == UInt8(ascii: ":") {
            member(colon: place, found)
        } else if let part = MultipartPart(text, equals: place) {
            self.part(part, found)
        } else {
            parameter(equals: place, found)
        }
    }

    // MARK: "name": "value"

    private func member(colon: Int, _ found: Found) {
        guard let name = quotedName(before: colon), isSecret(text[name].span) else { return }
        let kind = SecretKind(name: text[name].span)
        var at = afterSpace(colon + 1)
        guard at < text.count else { return }
        if takesWhole(name) {
            if let value = wholeValue(at) { found(kind, value.content, value.needsQuotes) }
        } else if text[at] == UInt8(ascii: "[") {
            at = afterSpace(at + 1)
            while let value = quoted(at) {
                tell(kind, name, value, found)
                at = afterSpace(value.upperBound + 1)
                guard at < text.count, text[at] == UInt8(ascii: ",") else { return }
                at = afterSpace(at + 1)
            }
        } else if let value = quoted(at) {
            tell(kind, name, value, found)
        } else if kind == .password {
            var end = at
            while end < text.count, ASCII.isDigit(text[end]) || text[end] == UInt8(ascii: ".") { end += 1 }
            if end > at { found(kind, at..<end, true) }
        }
    }

    // MARK: name="name"

    private func part(_ part: MultipartPart, _ found: Found) {
        guard isSecret(text[part.name].span) else { return }
        let kind = SecretKind(name: text[part.name].span)
        guard takesWhole(part.name) else { return tell(kind, part.name, part.content, found) }
        let secret = afterScheme(part.content)
        if !secret.isEmpty, !Opaque.isPseudonym(text[secret]) { found(kind, secret, false) }
    }

    private func isSecret(_ name: Span<UInt8>) -> Bool {
        // In JSON `code` is the code of an error, or a program; an authorization code stands in queries.
        if ASCII.equals(name, lowercase: "code") { return purpose == .stray }
        if purpose == .sharing { return SecretName.matches(name) }
        if purpose == .stray, name.count == 7, name[0] == UInt8(ascii: "S"), ASCII.equals(name, lowercase: "session") {
            return true
        }
        return SecretName.matches(name) && !SecretName.isPlaceholder(name)
    }

    /// Whether the name alone says that whatever it names is a secret.
    private func takesWhole(_ name: Range<Int>) -> Bool {
        purpose == .stray || purpose == .keeping && !mayBeWord(name)
    }

    private func tell(_ kind: SecretKind, _ name: Range<Int>, _ value: Range<Int>, _ found: Found) {
        let secret = afterScheme(value)
        guard !secret.isEmpty, !Opaque.isPseudonym(text[secret]) else { return }
        if kind == .token, mayBeWord(name) {
            guard Opaque.isSecret(text[secret]) else { return }
        } else if kind == .token {
            guard secret.count >= 4, !text[secret].contains(UInt8(ascii: " ")) else { return }
        }
        found(kind, secret, false)
    }

    /// `token`, `signature` and their like are also ordinary words; `access_token` and `apiKey` are not.
    private func mayBeWord(_ name: Range<Int>) -> Bool {
        let name = text[name].span
        if purpose == .keeping { return SecretName.mayBeWord(name) }
        return ASCII.equals(name, lowercase: "token") || ASCII.equals(name, lowercase: "signature")
            || ASCII.equals(name, lowercase: "assertion") || ASCII.equals(name, lowercase: "authorization")
    }

    /// A string without its quotation marks, a number, an object, a list; as far as it has come. Nil for what is no secret:
    /// nothing, true or false, what was masked before.
    private func wholeValue(_ at: Int) -> (content: Range<Int>, needsQuotes: Bool)? {
        if let value = quoted(at) {
            let secret = afterScheme(value)
            return secret.isEmpty || Opaque.isPseudonym(text[secret]) ? nil : (secret, false)
        }
        if text[at] == UInt8(ascii: "{") || text[at] == UInt8(ascii: "[") { return (at..<structureEnd(at), true) }
        var end = at
        while end < text.count, ASCII.isDigit(text[end]) || "+-.eE".utf8.contains(text[end]) { end += 1 }
        return end > at ? (at..<end, true) : nil
    }

    private func structureEnd(_ start: Int) -> Int {
        var (at, depth) = (start, 0)
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""): at = quoted(at)?.upperBound ?? at
            default: break
            }
            at += 1
            if depth == 0 { return at }
        }
        return text.count
    }

    /// `Bearer …` and `Basic …` keep their first word.
    private func afterScheme(_ value: Range<Int>) -> Range<Int> {
        let space = ByteSearch.first(UInt8(ascii: " "), in: text.span, value)
        let scheme = text[value.lowerBound..<space].span
        guard space < value.upperBound,
            ASCII.equals(scheme, lowercase: "bearer") || ASCII.equals(scheme, lowercase: "basic")
        else { return value }
        return afterSpace(space)..<max(value.upperBound, afterSpace(space))
    }

    private func quotedName(before colon: Int) -> Range<Int>? {
        var end = colon
        while end > 0, text[end - 1] <= 0x20, text[end - 1] > 0 { end -= 1 }
        guard end > 0, Self.isQuote(text[end - 1]) else { return nil }
        let quote = text[end - 1]
        end -= 1
        var start = end
        while start > 0, end - start <= Self.longestName, Self.isName(text[start - 1]) { start -= 1 }
        guard start < end, start > 0, text[start - 1] == quote else { return nil }
        return start..<end
    }

    /// What stands between the quotation mark at this place and the next one, which may not have come yet.
    private func quoted(_ at: Int) -> Range<Int>? {
        guard at < text.count, Self.isQuote(text[at]) else { return nil }
        var end = at + 1
        while end < text.count, text[end] != text[at] {
            if stopsAtLineEnd, text[end] == UInt8(ascii: "\n") { break }
            end += text[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return at + 1..<min(end, text.count)
    }

    private func afterSpace(_ start: Int) -> Int {
        var at = start
        while at < text.count, text[at] <= 0x20, text[at] > 0 { at += 1 }
        return at
    }

    // MARK: name=value

    private func parameter(equals: Int, _ found: Found) {
        var start = equals
        while start > 0, equals - start <= Self.longestName, Self.isName(text[start - 1]) { start -= 1 }
        guard start < equals, SecretName.matches(text[start..<equals].span) else { return }
        let name = text[start..<equals]
        guard stands(name, behind: start > 0 ? text[start - 1] : nil) else { return }
        var end = equals + 1
        while end < text.count, !Self.endsParameter(text[end]) { end += 1 }
        let value = equals + 1..<end
        let kind = SecretKind(name: name.span)
        guard value.count >= (kind == .token ? 4 : 1), !Opaque.isPseudonym(text[value]) else { return }
        found(kind, value, false)
    }

    /// A query or a form, or a variable of an environment, which people write in capitals; a program's `token = f(x)` is
    /// neither.
    private func stands(_ name: ArraySlice<UInt8>, behind byte: UInt8?) -> Bool {
        let isForm = byte == nil || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";")
        if isForm { return !ASCII.equals(name.span, lowercase: "code") }
        let isAWS = name.count > 6 && ASCII.equals(Array(name.prefix(6)).span, lowercase: "x-amz-")
        return isAWS
            || name.count >= 5 && name.allSatisfy { ASCII.lowercased($0) != $0 || $0 == 0x5F || $0 &- 0x30 < 10 }
    }

    private static func endsParameter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "&#\"'<>;\\,)}".utf8.contains(byte)
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func isName(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }
}
