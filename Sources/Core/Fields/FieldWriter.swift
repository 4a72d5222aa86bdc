import JSON
import Time

/// Writes the fields of one object, in the order of the calls; what is nil is left out.
package struct FieldWriter {
    package private(set) var members: [Value.Member] = []

    package init() {}

    package var object: Value { .object(members) }

    package mutating func add(_ name: String, _ value: Value?) {
        if let value { members.append(Value.Member(name, value)) }
    }

    package mutating func add(_ name: String, _ text: String?) { add(name, text.map(Value.string)) }
    package mutating func add(_ name: String, _ number: Int?) { add(name, number.map { Value($0) }) }
    package mutating func add(_ name: String, _ bool: Bool?) { add(name, bool.map(Value.bool)) }
    package mutating func add(_ name: String, _ number: Double?) { add(name, number.map { Value.number(String($0)) }) }
    package mutating func add(_ name: String, _ duration: Duration?) { add(name, duration?.text) }
    package mutating func add(_ name: String, _ texts: [String]?) {
        add(name, texts.map { .array($0.map(Value.string)) })
    }

    /// A list that is left out when it is empty.
    package mutating func add<Item>(_ name: String, list: [Item], _ write: (Item) -> Value) {
        if !list.isEmpty { add(name, .array(list.map(write))) }
    }
}
