/// `*` stands for any run of bytes, `?` for one; everything else for itself.
package struct Glob: Hashable, Sendable {
    package let pattern: [UInt8]

    package init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    package var matchesEverything: Bool { pattern == [UInt8(ascii: "*")] }

    /// Linear in the text for each star: on a mismatch only the last star takes one byte more.
    package func matches(_ text: some RandomAccessCollection<UInt8>) -> Bool {
        var place = 0
        var at = text.startIndex
        var star: (place: Int, at: Int)?
        let start = text.startIndex
        while at < text.endIndex {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, text.distance(from: start, to: at))
                place += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == text[at] {
                place += 1
                at = text.index(after: at)
            } else if let last = star {
                star = (last.place, last.at + 1)
                place = last.place + 1
                at = text.index(start, offsetBy: last.at + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    package func matches(_ text: String) -> Bool { matches(Array(text.utf8)) }
}
