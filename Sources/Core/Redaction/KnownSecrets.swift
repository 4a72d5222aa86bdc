import Bytes

/// Secrets that were found by their name and that nothing else would give away: an opaque token that an answer repeats, a
/// password in a text, with spaces and in any script. They are kept in memory only.
package struct KnownSecrets: Sendable {
    private static let most = 10_000
    private static let (space, plus) = (UInt8(ascii: " "), UInt8(ascii: "+"))

    struct Secret: Sendable {
        /// As it is spelled where it stands.
        var spelled: [UInt8]
        /// As it was first seen.
        var value: [UInt8]
        var kind: SecretKind
    }

    private(set) var values: [Secret] = []
    private var indexes: [UInt32: [Int]] = [:]
    private var isKnown: Set<ByteKey> = []
    /// Which pairs of bytes begin one: nearly every place of a text is done after one look.
    private var beginnings = [UInt64](repeating: 0, count: 1024)

    package init() {}

    /// What is short, or might be a word, would be found where it is not meant.
    package mutating func add(_ value: [UInt8], _ kind: SecretKind) {
        guard Opaque.mayBeRepeated(value), value.count <= 65_536 else { return }
        keep(Secret(spelled: value, value: value, kind: kind))
        // A form writes a space as a plus sign.
        for (one, other) in [(Self.space, Self.plus), (Self.plus, Self.space)] where value.contains(one) {
            keep(Secret(spelled: value.map { $0 == one ? other : $0 }, value: value, kind: kind))
        }
    }

    private mutating func keep(_ secret: Secret) {
        let value = secret.spelled
        guard values.count < Self.most, isKnown.insert(ByteKey(value)).inserted else { return }
        let pair = Int(value[0]) << 8 | Int(value[1])
        beginnings[pair >> 6] |= 1 << UInt64(pair & 63)
        indexes[Self.beginning(of: value.span, 0), default: []].append(values.count)
        values.append(secret)
    }

    func find(in text: Span<UInt8>, _ found: (Secret, Range<Int>) -> Void) {
        guard !values.isEmpty, text.count >= 6 else { return }
        var at = 0
        while at + 6 <= text.count {
            let pair = Int(text[at]) << 8 | Int(text[at + 1])
            guard beginnings[pair >> 6] >> UInt64(pair & 63) & 1 == 1, let end = end(in: text, at, found) else {
                at += 1
                continue
            }
            at = end
        }
    }

    func isAny(in text: Span<UInt8>) -> Bool {
        var isAny = false
        find(in: text) { _, _ in isAny = true }
        return isAny
    }

    private func end(in text: Span<UInt8>, _ at: Int, _ found: (Secret, Range<Int>) -> Void) -> Int? {
        guard let candidates = indexes[Self.beginning(of: text, at)] else { return nil }
        var longest: (end: Int, secret: Secret)?
        for index in candidates {
            let value = values[index].spelled
            let end = at + value.count
            guard end <= text.count, end > longest?.end ?? 0,
                ByteSearch.equal(text.extracting(at..<end), value.span)
            else { continue }
            longest = (end, values[index])
        }
        guard let longest else { return nil }
        found(longest.secret, at..<longest.end)
        return longest.end
    }

    private static func beginning(of text: Span<UInt8>, _ at: Int) -> UInt32 {
        UInt32(text[at]) << 24 | UInt32(text[at + 1]) << 16 | UInt32(text[at + 2]) << 8 | UInt32(text[at + 3])
    }
}
