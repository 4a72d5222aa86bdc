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
