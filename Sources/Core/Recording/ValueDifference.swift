import JSON

/// A place at which two JSON values are not the same.
package struct ValueDifference: Equatable, Sendable {
    /// `$.a[0]`
    package var path: String
    /// Nil: there is nothing at this place.
    package var left: Value?
    package var right: Value?

    /// The first differences, in the order of the left value; what lies at a volatile path is none.
    package static func all(
        _ left: Value, _ right: Value, volatile: [Path] = [], most: Int
    ) -> [ValueDifference] {
        var search = DifferenceSearch(most: most)
        search.compare(left, right, path: "$", volatile.map { ($0, 0) })
        return search.found
    }
}

private struct DifferenceSearch {
    let most: Int
    var found: [ValueDifference] = []

    mutating func compare(_ left: Value, _ right: Value, path: String, _ volatile: [(path: Path, done: Int)]) {
        guard found.count < most, !volatile.contains(where: { $0.done == $0.path.steps.count }) else { return }
        switch (left, right) {
        case (.object(let members), .object(let others)):
            for member in members {
                next(member.value, right[member.name], path: Self.path(path, member.name), volatile) {
                    $0 == .name(member.name)
                }
            }
            for other in others where left[other.name] == nil {
                next(nil, other.value, path: Self.path(path, other.name), volatile) { $0 == .name(other.name) }
            }
        case (.array(let elements), .array(let others)):
            for index in 0..<max(elements.count, others.count) {
                let count = elements.count
                next(left[index], right[index], path: "\(path)[\(index)]", volatile) {
                    $0 == .index(index) || $0 == .index(index - count)
                }
            }
        default:
            if !Self.isSame(left, right) { found.append(ValueDifference(path: path, left: left, right: right)) }
        }
    }

    private mutating func next(
        _ left: Value?, _ right: Value?, path: String, _ volatile: [(path: Path, done: Int)],
        _ leads: (Path.Step) -> Bool
    ) {
        let onward = volatile.filter { $0.path.steps[$0.done] == .all || leads($0.path.steps[$0.done]) }
            .map { ($0.path, $0.done + 1) }
        if let left, let right { return compare(left, right, path: path, onward) }
        guard found.count < most, !onward.contains(where: { $0.1 == $0.0.steps.count }) else { return }
        found.append(ValueDifference(path: path, left: left, right: right))
    }

    private static func path(_ path: String, _ name: String) -> String {
        let isWord = !name.isEmpty && name.utf8.allSatisfy { $0 | 0x20 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F }
        return isWord ? "\(path).\(name)" : "\(path)[\(Value.string(name).json())]"
    }

    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.number(let one), .number(let other)):
            one == other || Decimal(one).map { $0 == Decimal(other) } ?? false
        case (.string(let text), _): text == right.text || (RedactedText(Array(text.utf8))?.isMet(by: right) ?? false)
        default: left == right
        }
    }
}

extension RedactedText {
    /// Whether a value may be what was redacted.
    func isMet(by value: Value) -> Bool { isWhole || (value.text.map { matches(Array($0.utf8)) } ?? false) }
}
