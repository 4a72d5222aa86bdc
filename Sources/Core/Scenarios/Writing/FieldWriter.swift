import JSON
import Time

/// Writes the fields of one object, in the order of the calls; what is nil is left out.
struct FieldWriter {
    private(set) var members: [Value.Member] = []

    var object: Value { .object(members) }

    mutating func add(_ name: String, _ value: Value?) {
        if let value { members.append(Value.Member(name, value)) }
    }

    mutating func add(_ name: String, _ text: String?) { add(name, text.map(Value.string)) }
    mutating func add(_ name: String, _ number: Int?) { add(name, number.map { Value($0) }) }
    mutating func add(_ name: String, _ bool: Bool?) { add(name, bool.map(Value.bool)) }
    mutating func add(_ name: String, _ number: Double?) { add(name, number.map { Value.number(String($0)) }) }
    mutating func add(_ name: String, _ duration: Duration?) { add(name, duration?.text) }
    mutating func add(_ name: String, _ texts: [String]?) { add(name, texts.map { .array($0.map(Value.string)) }) }

    /// A list that is left out when it is empty.
    mutating func add<Item>(_ name: String, list: [Item], _ write: (Item) -> Value) {
        if !list.isEmpty { add(name, .array(list.map(write))) }
    }
}
