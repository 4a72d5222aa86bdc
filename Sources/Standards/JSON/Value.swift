/// One JSON text (RFC 8259) as a value: members in their order, numbers with the digits they were written in.
package enum Value: Sendable {
    case null
    case bool(Bool)
    /// The literal as it stood, `1.50` or `1e400`: reading it as a number is the reader's risk, not the parser's.
    case number(String)
    case string(String)
    case array([Value])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }

        package static func == (left: Member, right: Member) -> Bool {
            Value.isSame(left.name, right.name) && left.value == right.value
        }
    }

    package init(_ number: Int) { self = .number(String(number)) }

    /// A string, or null where there is none.
    package init(_ text: String?) { self = text.map(Value.string) ?? .null }
}

extension Value: Equatable {
    /// Equal when the texts are: members in the same order, numbers in the same digits.
    package static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): isSame(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// RFC 8259 8.3 compares names "code unit by code unit"; Swift's own `==` takes `é` and `e` + accent for one.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.elementsEqual(right.utf8)
    }
}

/// What stands in a value; nil where it is of another kind.
extension Value {
    /// The first member of this name.
    package subscript(name: String) -> Value? {
        members?.first { Self.isSame($0.name, name) }?.value
    }

    /// The element at this index; a negative one counts from the end.
    package subscript(index: Int) -> Value? {
        guard let elements = array else { return nil }
        let place = index < 0 ? elements.count + index : index
        return elements.indices.contains(place) ? elements[place] : nil
    }

    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    package var array: [Value]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// A number that is written as an integer and fits; `1.0` and `1e2` are not.
    package var integer: Int? {
        if case .number(let literal) = self { Int(literal) } else { nil }
    }

    /// The nearest finite number; nil for `1e400`.
    package var double: Double? {
        guard case .number(let literal) = self, let double = Double(literal), double.isFinite else { return nil }
        return double
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int) { self.init(number) }
    package init(booleanLiteral bool: Bool) { self = .bool(bool) }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, Value)...) {
        self = .object(members.map { Member($0, $1) })
    }
}
