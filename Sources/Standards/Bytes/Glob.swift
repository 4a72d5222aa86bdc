/// `*` stands for any run of bytes, `?` for one; everything else for itself.
package struct Glob: Hashable, Sendable {
    package let pattern: [UInt8]

    package init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    package var matchesEverything: Bool { pattern == [UInt8(ascii: "*")] }

    /// Linear in the text for each star: on a mismatch only the last star takes one byte more.
    package func matches(_ text: Span<UInt8>) -> Bool {
        let pattern = pattern.span
        var (place, at) = (0, 0)
        var star: (place: Int, at: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == text[at] {
                place += 1
                at += 1
            } else if let last = star {
                star = (last.place, last.at + 1)
                place = last.place + 1
                at = last.at + 1
            } else {
                return false
            }
        }
        while place < pattern.count, pattern[place] == UInt8(ascii: "*") { place += 1 }
        return place == pattern.count
    }

    package func matches(_ text: [UInt8]) -> Bool { matches(text.span) }
    package func matches(_ text: String) -> Bool { matches(text.utf8.span) }
}

extension Glob {
    /// Whether some text matches both.
    package func meets(_ other: Glob) -> Bool {
        let (left, right) = (pattern, other.pattern)
        let star = UInt8(ascii: "*")
        func isAny(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "?") }
        // reachable[j]: whether what was taken of the left pattern and j bytes of the right one can be one text.
        var reachable = [true] + [Bool](repeating: false, count: right.count)
        for (j, byte) in right.enumerated() where byte == star { reachable[j + 1] = reachable[j] }
        for byte in left {
            var next = [Bool](repeating: false, count: right.count + 1)
            next[0] = byte == star && reachable[0]
            for (j, other) in right.enumerated() {
                if byte == star || other == star {
                    // Of two patterns of which one goes on for as long as it likes, either may take a step.
                    next[j + 1] = reachable[j + 1] || next[j]
                } else {
                    next[j + 1] = reachable[j] && (byte == other || isAny(byte) || isAny(other))
                }
            }
            reachable = next
        }
        return reachable[right.count]
    }
}
