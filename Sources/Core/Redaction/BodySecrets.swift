import Bytes

// Rules.  What a body is kept without: members whose names are those of secrets, JWTs, AWS keys and session tokens; as they
//         stand, behind JSON's escapes, and spread over the events of a stream. What is encoded once more stays.
// Theory. Nearly no body holds one, so a quick look comes first, and only what it cannot rule out is searched.

/// The secrets in the bodies of a call, for whoever keeps those.
package struct BodySecrets: Sendable {
    private static let mask = Array("\(SecretName.mask)".utf8)

    private let search: SecretSearch

    /// `isStray` for what came where nobody takes it: no agent means a word by it.
    package init(isStray: Bool = false) {
        search = SecretSearch(rules: SecretRules(), known: KnownSecrets(), purpose: isStray ? .stray : .keeping)
    }

    private static let usual = BodySecrets()
    private static let stray = BodySecrets(isStray: true)

    /// Masks what is secret in a body, and says what that was.
    @discardableResult
    package static func mask(_ body: inout [UInt8], isStray: Bool = false) -> [[UInt8]] {
        guard mayHold(body) else { return [] }
        let findings = (isStray ? stray : usual).search.findings(in: body, form(of: body))
        guard !findings.isEmpty else { return [] }
        body = findings.replacements { _ in mask }.applied(to: body)
        return findings.map(\.value)
    }

    /// Where secrets stand in a text: in ascending order, none in another.
    static func places(in text: Span<UInt8>) -> [Range<Int>] {
        guard QuickLook.mayHold(text) else { return [] }
        let bytes = text.withUnsafeBufferPointer { Array($0) }
        return usual.search.findings(in: bytes, .text).flatMap(\.places).apart
    }

    package static func masked(_ text: String) -> String {
        var bytes = Array(text.utf8)
        return mask(&bytes).isEmpty ? text : String(lossy: bytes)
    }

    /// The same for a body in pieces, over whose borders a secret may reach. Nil when there is nothing to mask.
    package static func masked(pieces: [[UInt8]]) -> [[UInt8]]? {
        let body = Array(pieces.joined())
        guard mayHold(body) else { return nil }
        let findings = usual.search.findings(in: body, form(of: body))
        guard !findings.isEmpty else { return nil }
        var (ends, end): ([Int], Int) = ([], 0)
        for piece in pieces {
            end += piece.count
            ends.append(end)
        }
        return findings.replacements { _ in mask }.applied(to: body, splitAt: ends)
    }

    /// Whether a secret is one wherever it is repeated: a short one may be a word that stands there by chance.
    package static func isTelling(_ secret: [UInt8]) -> Bool { secret.count >= 8 || Opaque.isSecret(secret[...]) }

    /// Whether a byte may stand within a secret that shows by its looks.
    package static func mayBePart(_ byte: UInt8) -> Bool {
        !ByteClass(byte).isDisjoint(with: [.base64, .base64URL]) || byte == UInt8(ascii: ".")
    }

    private static func mayHold(_ body: [UInt8]) -> Bool {
        if QuickLook.mayHold(body.span) { return true }
        guard isEventStream(body) else { return false }
        return EventTexts(stream: DecodedText(itself: body)).texts.contains { QuickLook.mayHold($0.bytes.span) }
    }

    private static func form(of body: [UInt8]) -> SearchedForm { isEventStream(body) ? .events : .text }

    /// A stream begins with one of its fields.
    private static func isEventStream(_ body: [UInt8]) -> Bool {
        guard let first = body.first, "dei:r".utf8.contains(first) else { return false }
        return ["data:", "event:", "id:", ":", "retry:"].contains { body.starts(with: $0.utf8) }
    }
}
