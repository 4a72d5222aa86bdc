/// Parts of a text and what takes their place.
struct Replacement: Equatable {
    var range: Range<Int>
    var text: [UInt8]
}

/// One of the places where a secret stands.
private struct FoundPlace {
    let range: Range<Int>
    let finding: Int
    /// The pseudonym stands where the secret begins.
    let isFirst: Bool
}

extension [FoundSecret] {
    /// What is to be replaced, in ascending order and none over another. Where findings overlap, the longest names the
    /// secret and all of them go: a token inside the base64 of a whole document is gone with it.
    func replacements(_ pseudonym: (FoundSecret) -> [UInt8]) -> [Replacement] {
        let places = foundPlaces
        var replacements: [Replacement] = []
        var at = 0
        while at < places.count {
            var (end, next, best) = (places[at].range.upperBound, at + 1, places[at])
            while next < places.count, places[next].range.lowerBound < end {
                end = Swift.max(end, places[next].range.upperBound)
                if self[places[next].finding].count > self[best.finding].count { best = places[next] }
                next += 1
            }
            let finding = self[best.finding]
            var text = best.isFirst ? pseudonym(finding) : []
            if best.isFirst, finding.needsQuotes { text = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")] }
            replacements.append(Replacement(range: places[at].range.lowerBound..<end, text: text))
            at = next
        }
        return replacements
    }

    private var foundPlaces: [FoundPlace] {
        var places: [FoundPlace] = []
        for (index, finding) in enumerated() {
            for (number, range) in finding.places.enumerated() {
                places.append(FoundPlace(range: range, finding: index, isFirst: number == 0))
            }
        }
        return places.sorted {
            $0.range.lowerBound == $1.range.lowerBound
                ? $0.range.count > $1.range.count : $0.range.lowerBound < $1.range.lowerBound
        }
    }
}

extension [Replacement] {
    func applied(to bytes: [UInt8]) -> [UInt8] {
        guard !isEmpty else { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var at = 0
        for replacement in self {
            text.append(contentsOf: bytes[at..<replacement.range.lowerBound])
            text.append(contentsOf: replacement.text)
            at = replacement.range.upperBound
        }
        text.append(contentsOf: bytes[at...])
        return text
    }

    /// The text in parts as it was: `ends` are where each ended before. A pseudonym stays whole in the part where the
    /// secret began, unless a part would be left with nothing, which no chunk could carry: then all get some of it.
    func applied(to bytes: [UInt8], splitAt ends: [Int]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var next = 0
        /// Of a replacement that goes on in the next part: what is left of its text for each end to come.
        var rest: ArraySlice<UInt8> = []
        var at = 0
        for (number, end) in ends.enumerated() {
            var part: [UInt8] = []
            while true {
                guard next < count, self[next].range.lowerBound < end else {
                    part.append(contentsOf: bytes[at..<Swift.max(at, end)])
                    at = Swift.max(at, end)
                    break
                }
                let range = self[next].range
                if at <= range.lowerBound {
                    part.append(contentsOf: bytes[at..<range.lowerBound])
                    rest = self[next].text[...]
                }
                at = Swift.min(range.upperBound, end)
                let take = range.upperBound <= end ? rest.count : share(rest.count, range, ends[number...], at)
                part.append(contentsOf: rest.prefix(take))
                rest = rest.dropFirst(take)
                guard range.upperBound <= end else { break }
                next += 1
            }
            parts.append(part)
        }
        return parts
    }

    /// How much of a pseudonym stays in a part, when the secret goes on behind its end.
    private func share(_ left: Int, _ range: Range<Int>, _ ends: ArraySlice<Int>, _ at: Int) -> Int {
        // Parts that lie within the secret altogether have nothing else to show.
        var within = 0
        var previous = at
        for end in ends.dropFirst() where previous < range.upperBound {
            if end <= range.upperBound { within += 1 }
            previous = end
        }
        return Swift.max(left - within, Swift.min(left, 1))
    }
}
