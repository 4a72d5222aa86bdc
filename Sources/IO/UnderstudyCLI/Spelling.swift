/// Words for people: what somebody may have meant, and how many of what there are.
package enum Spelling {
    /// `1 rule`, `2 rules`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `; did you mean --port?`, or nothing when no word is near.
    package static func hint(for word: String, among words: [String]) -> String {
        let nearest = words.map { (distance(Array(word.utf8), Array($0.utf8)), $0) }.min { $0.0 < $1.0 }
        guard let nearest, nearest.0 <= max(2, word.utf8.count / 3) else { return "" }
        return "; did you mean \(nearest.1)?"
    }

    /// Levenshtein's: how many letters to change, add or leave out.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard left.count < 200, right.count < 200 else { return Int.max }
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var corner = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, corner + (letter == other ? 0 : 1))
                corner = above
            }
        }
        return row[right.count]
    }
}
