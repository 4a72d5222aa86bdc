/// What somebody may have meant.
package enum NearName {
    /// `did you mean "reply"?`, or nil when no name is near.
    package static func hint(for word: String, among names: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().utf8)
        guard (3..<80).contains(letters.count) else { return nil }
        let most = letters.count / 3
        var nearest: (distance: Int, name: String)?
        for name in names where abs(name.utf8.count - letters.count) <= most {
            let distance = distance(letters, Array(name.lowercased().utf8))
            if distance <= most, distance < nearest?.distance ?? Int.max { nearest = (distance, name) }
        }
        return nearest.map { "did you mean \"\($0.name)\"?" }
    }

    /// Letters to change, add, leave out or exchange with their neighbour (optimal string alignment).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
