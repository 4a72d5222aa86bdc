import Bytes

// Rules.  It says yes to every text in which `SecretSearch` finds something for sharing by itself: a test holds it to that.
//         What it says no to need not be searched.
// Theory. One pass, in which nearly every byte is a letter that means nothing. A text in which another may hide, behind a
//         backslash, a percent sign with its digits or in base64, is left to the search, which undoes it.
extension QuickLook {
    /// Whether a text that is passed on may hold a secret, in whatever form.
    static func mayHoldInAnyForm(_ text: Span<UInt8>, includesEmail: Bool) -> Bool {
        var (runStart, keyStart) = (0, 0)
        let classes = ByteClass.all
        for at in 0..<text.count {
            let kind = ByteClass(text[at], in: classes)
            if kind.rawValue == ByteClass.base64.rawValue { continue }
            if !kind.isDisjoint(with: .telling), tells(text, at, includesEmail) { return true }
            if kind.contains(.base64) { continue }
            if at &- keyStart == SecretShapes.secretKeyLength { return true }
            keyStart = at &+ 1
            if kind.contains(.base64URL) { continue }
            if at &- runStart >= SecretSearch.shortestBase64, mayHide(text, runStart..<at) { return true }
            runStart = at &+ 1
        }
        if text.count - keyStart == SecretShapes.secretKeyLength { return true }
        return text.count - runStart >= SecretSearch.shortestBase64 && mayHide(text, runStart..<text.count)
    }

    private static func tells(_ text: Span<UInt8>, _ at: Int, _ includesEmail: Bool) -> Bool {
        switch text[at] {
        case UInt8(ascii: ":"): return isNamed(text, before: at)
        case UInt8(ascii: "="):
            // `name="password"`, of a form.
            return at + 1 < text.count && text[at + 1] == UInt8(ascii: "\"") || isNamed(text, before: at)
        case UInt8(ascii: "\\"): return true
        case UInt8(ascii: "%"):
            return at + 2 < text.count && Hex.value(of: text[at + 1]) != nil && Hex.value(of: text[at + 2]) != nil
        case UInt8(ascii: "@"): return includesEmail
        case UInt8(ascii: "B"), UInt8(ascii: "b"):
            return at + 7 <= text.count && ASCII.equals(text.extracting(at..<at + 7), lowercase: "bearer ")
        case UInt8(ascii: "e"):
            return at + 1 < text.count && text[at + 1] == UInt8(ascii: "y") && begins(text, at, text.count)
        default: return begins(text, at, text.count)
        }
    }

    private static func mayHide(_ text: Span<UInt8>, _ run: Range<Int>) -> Bool {
        SecretSearch.shifts(of: run).count > 1 || Base64Run.mayBeText(text, run)
    }
}

extension ByteClass {
    /// Where a secret may begin or be named, and where another text may hide.
    fileprivate static let telling: ByteClass = [.shape, .name, .backslash, .percent]
}

/// Whether a text may hold a secret, of those that are known too.
struct SecretLook {
    let rules: SecretRules
    let known: KnownSecrets

    func mayHold(_ text: Span<UInt8>) -> Bool {
        !rules.patterns.isEmpty || !rules.paths.isEmpty
            || QuickLook.mayHoldInAnyForm(text, includesEmail: rules.includesEmail) || known.isAny(in: text)
    }

    /// The same for a header field.
    func mayHold(line: Span<UInt8>) -> Bool {
        let colon = ByteSearch.first(UInt8(ascii: ":"), in: line, 0..<line.count)
        let value = min(colon + 2, line.count)..<line.count
        return SecretPlaces.mayBeIn(FieldRange(name: 0..<colon, value: value), in: line)
            || mayHold(line.extracting(value))
    }
}
