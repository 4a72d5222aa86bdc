import Fields

/// Words for people: what somebody may have meant, and how many of what there are.
package enum Spelling {
    /// `1 rule`, `2 rules`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `; did you mean --port?`, or nothing when no word is near.
    package static func hint(for word: String, among words: [String]) -> String {
        guard word.utf8.count < 200 else { return "" }
        let nearest = words.map { (NearName.distance(Array(word.utf8), Array($0.utf8)), $0) }.min { $0.0 < $1.0 }
        guard let nearest, nearest.0 <= max(2, word.utf8.count / 3) else { return "" }
        return "; did you mean \(nearest.1)?"
    }
}
