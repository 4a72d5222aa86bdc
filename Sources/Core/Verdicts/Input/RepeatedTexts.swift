import Bytes

/// FNV-1a, eight bytes a step: what has the same one is taken for the same.
struct ByteHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init() {}

    init(_ text: String) { add(text.utf8.span) }

    mutating func add(_ content: Span<UInt8>) {
        var (hash, place) = (value, 0)
        content.withUnsafeBytes { words in
            while place &+ 8 <= words.count {
                hash = (hash ^ words.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0x0000_0100_0000_01B3
                hash ^= hash >> 29
                place &+= 8
            }
            while place < words.count {
                hash = (hash ^ UInt64(words[place])) &* 0x0000_0100_0000_01B3
                place &+= 1
            }
        }
        value = hash
    }
}

/// Texts that call after call has: the bytes are looked up, and the text that they spelled before is given again. A few
/// thousand are remembered, each until another one falls into its place.
struct RepeatedTexts {
    private struct Known {
        var round = 0
        var text = ""
    }

    private var known = [Known](repeating: Known(), count: 4_096)
    private var round = 1

    /// None of the texts so far is given again.
    mutating func begin() { round += 1 }

    mutating func text(_ bytes: Span<UInt8>) -> String {
        // A short one lies in itself, and is made faster than found.
        guard bytes.count > 15 else { return String(lossy: bytes) }
        var hash = ByteHash()
        hash.add(bytes)
        let place = Int(truncatingIfNeeded: (hash.value ^ hash.value >> 32) & 4_095)
        if known[place].round == round, ByteSearch.equal(known[place].text.utf8.span, bytes) {
            return known[place].text
        }
        let text = String(lossy: bytes)
        known[place] = Known(round: round, text: text)
        return text
    }
}
