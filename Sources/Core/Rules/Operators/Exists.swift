import Fields
import JSON

/// `exists`: whether there is a value at all; null is one.
package struct Exists: Operator {
    package static let word = "exists"
    package static let looksAtValue = false
    package static let column = StoredColumn("must_exist", .truth)
    private let isThere: Bool

    package init(_ isThere: Bool) { self.isThere = isThere }

    package init?(_ fields: inout FieldReader) {
        guard let isThere = fields.bool(Self.word) else { return nil }
        self.isThere = isThere
    }

    package init?(stored: StoredValue) {
        guard let isThere = stored.truth else { return nil }
        self.isThere = isThere
    }

    package var written: Value { .bool(isThere) }
    package var stored: StoredValue { .truth(isThere) }
    package var holdsWithoutValue: Bool { !isThere }
    package func holds(for value: Value, _ effort: inout SearchEffort) -> Bool { isThere }
    package func failure(_ effort: SearchEffort) -> String { "should not exist" }
}
