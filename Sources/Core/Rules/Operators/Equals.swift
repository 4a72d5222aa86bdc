import Bytes
import Fields
import JSON

/// `equals`: the same value, whatever the order of members and the spelling of numbers.
package struct Equals: Operator {
    package static let word = "equals"
    package static let saysItAll = true
    package static let column = StoredColumn("equals", .json)
    private let value: Value

    package init(_ value: Value) { self.value = value }

    package init?(_ fields: inout FieldReader) {
        guard let node = fields.field(Self.word) else { return nil }
        value = node.value
    }

    package init?(stored: StoredValue) {
        guard let value = stored.json else { return nil }
        self.value = value
    }

    package var written: Value { value }
    package var stored: StoredValue { .json(value) }
    package var headerProblem: String? { value.text == nil ? "expected a string, found \(value.kind)" : nil }
    package var pairs: PairSet { value.text.map { PairSet(of: $0.utf8.span) } ?? .none }
    package func holds(for other: Value, _ effort: inout SearchEffort) -> Bool { other.means(value) }
    package func failure(_ effort: SearchEffort) -> String { "does not equal \(Excerpt.of(value))" }
}

extension Value {
    /// Whether two values mean the same: members in any order, `1.0` as much as `1` and `10e-1`.
    func means(_ other: Value) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            left == right || Decimal(left).map { $0 == Decimal(right) } ?? false
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && Self.mean(left, right)
        default: self == other
        }
    }

    /// A dictionary, so that two objects of 100,000 members do not take 10,000,000,000 comparisons.
    private static func mean(_ left: [Member], _ right: [Member]) -> Bool {
        var members: [ByteKey: Value] = [:]
        for member in left { members[ByteKey(Array(member.name.utf8))] = member.value }
        return members.count == left.count
            && right.allSatisfy { members[ByteKey(Array($0.name.utf8))]?.means($0.value) ?? false }
    }
}
