import Fields
import Bytes
import JSON

/// A comparison, ready to be made. Operators that stand together all have to hold.
///
/// - `equals`: the same value, whatever the order of members and the spelling of numbers.
/// - `contains`: a string that holds these characters, or an array that holds this string.
/// - `matches`: a regular expression found in the string, or in a number or boolean as it is written.
/// - `exists`: whether there is a value at all; null is one.
struct CompiledComparison: Sendable {
    /// The operator that does not hold.
    enum Failure: Equatable {
        case missing
        case unwanted
        case unequal
        case contained
        case unmatched
    }

    private let equals: Value?
    private let contains: String?
    private let expression: RegularExpression?
    private let exists: Bool?

    init(_ comparison: Comparison) throws(ExpressionMistake) {
        equals = comparison.equals
        contains = comparison.contains
        exists = comparison.exists
        guard let text = comparison.matches else {
            expression = nil
            return
        }
        expression = try RegularExpression(text)
    }

    /// Pairs of bytes that every string has for which this comparison holds.
    var pairs: PairSet {
        if case .string(let text) = equals { return PairSet(of: text.utf8.span) }
        return contains.map { PairSet(of: $0.utf8.span) } ?? .none
    }

    /// The first operator that does not hold for this value, or nil when all do.
    func failure(for value: Value?) -> Failure? {
        guard let value else { return exists == false ? nil : .missing }
        if exists == false { return .unwanted }
        if let equals, !value.means(equals) { return .unequal }
        if let contains, !Self.holds(contains, in: value) { return .contained }
        if let expression, !Self.matches(expression, value) { return .unmatched }
        return nil
    }

    private static func holds(_ wanted: String, in value: Value) -> Bool {
        switch value {
        case .string(let text): isFound(wanted.utf8.span, in: text.utf8.span)
        case .array(let elements): elements.contains(.string(wanted))
        default: false
        }
    }

    /// Byte by byte: what is UTF-8 on both sides is found only at whole characters.
    private static func isFound(_ wanted: Span<UInt8>, in text: Span<UInt8>) -> Bool {
        guard wanted.count > 0 else { return true }
        guard text.count >= wanted.count else { return false }
        let first = wanted[0]
        for start in 0...(text.count - wanted.count) where text[start] == first {
            var length = 1
            while length < wanted.count, text[start + length] == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }

    private static func matches(_ expression: RegularExpression, _ value: Value) -> Bool {
        switch value {
        case .string(let text), .number(let text): expression.matches(text)
        case .bool(let bool): expression.matches(bool ? "true" : "false")
        case .null, .array, .object: false
        }
    }

    /// `is "pizza", does not contain "sushi"`; `isSecret` keeps the value out of it.
    func explanation(of failure: Failure, value: Value?, isSecret: Bool = false) -> String {
        let present = value.map { isSecret ? "is there" : "is \(Excerpt.of($0))" } ?? "is missing"
        return switch failure {
        case .missing: present
        case .unwanted: "\(present), should not exist"
        case .unequal: "\(present), does not equal \(Excerpt.of(equals ?? .null))"
        case .contained: "\(present), does not contain \(Excerpt.of(.string(contains ?? "")))"
        case .unmatched: "\(present), does not match \(Excerpt.of(.string(expression?.text ?? "")))"
        }
    }
}
