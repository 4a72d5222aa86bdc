import JSON

/// Reads the members of an operation's input. What is of another kind is refused at once, as the services do; what only
/// breaks a rule of the model is told together, in their words.
struct InputReader {
    private let input: Value
    /// What the service calls input that breaks its rules.
    private let errorName: String
    private var problems: [String] = []

    init(_ input: Value, _ errorName: String) { (self.input, self.errorName) = (input, errorName) }

    private func member(_ name: String) -> Value? { input[name].flatMap { $0.isNull ? nil : $0 } }

    mutating func text(_ name: String, length: ClosedRange<Int> = 1...2_048) throws(NeighbourError) -> String? {
        guard let value = member(name) else { return nil }
        guard let text = value.text else { throw misfit(value, "String") }
        check(text.unicodeScalars.count, "length", length, name, "'\(text)'")
        return text
    }

    mutating func requiredText(_ name: String, length: ClosedRange<Int> = 1...2_048) throws(NeighbourError) -> String {
        if let text = try text(name, length: length) { return text }
        refuse(name, "null", "Member must not be null")
        return ""
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>) throws(NeighbourError) -> Int? {
        guard let value = member(name) else { return nil }
        guard let number = value.integer ?? value.double.flatMap({ Int(exactly: $0) }) else {
            throw misfit(value, "Integer")
        }
        check(number, "value", range, name, "'\(number)'")
        return number
    }

    mutating func bool(_ name: String) throws(NeighbourError) -> Bool? {
        guard let value = member(name) else { return nil }
        guard let bool = value.bool else { throw misfit(value, "Boolean") }
        return bool
    }

    mutating func texts(_ name: String, count: ClosedRange<Int>) throws(NeighbourError) -> [String]? {
        guard let value = member(name) else { return nil }
        guard let elements = value.array else { throw misfit(value, "List") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.text else { throw misfit(element, "String") }
            texts.append(text)
        }
        check(texts.count, "length", count, name, "'[\(texts.joined(separator: ", "))]'")
        return texts
    }

    mutating func requiredTexts(_ name: String, count: ClosedRange<Int>) throws(NeighbourError) -> [String] {
        if let texts = try texts(name, count: count) { return texts }
        refuse(name, "null", "Member must not be null")
        return []
    }

    /// One of these words.
    mutating func word(_ name: String, among words: [String]) throws(NeighbourError) -> String? {
        guard let text = try text(name), !words.contains(text) else { return member(name)?.text }
        refuse(name, "'\(text)'", "Member must satisfy enum value set: [\(words.joined(separator: ", "))]")
        return nil
    }

    private mutating func check(
        _ number: Int, _ what: String, _ range: ClosedRange<Int>, _ name: String, _ shown: String
    ) {
        if number < range.lowerBound {
            refuse(name, shown, "Member must have \(what) greater than or equal to \(range.lowerBound)")
        } else if number > range.upperBound {
            refuse(name, shown, "Member must have \(what) less than or equal to \(range.upperBound)")
        }
    }

    private mutating func refuse(_ name: String, _ value: String, _ constraint: String) {
        let shown = name.prefix(1).lowercased() + name.dropFirst()
        problems.append("Value \(value.prefix(500)) at '\(shown)' failed to satisfy constraint: \(constraint)")
    }

    /// Refuses what was found to break a rule.
    func finish() throws(NeighbourError) {
        guard !problems.isEmpty else { return }
        let count = "\(problems.count) validation error\(problems.count == 1 ? "" : "s") detected: "
        throw NeighbourError(errorName, count + problems.joined(separator: "; "))
    }

    private func misfit(_ value: Value, _ wanted: String) -> NeighbourError {
        let kind =
            switch value {
            case .null: "NULL_VALUE"
            case .bool(let bool): bool ? "TRUE_VALUE" : "FALSE_VALUE"
            case .number: "NUMBER_VALUE"
            case .string: "STRING_VALUE"
            case .array: "START_ARRAY"
            case .object: "START_OBJECT"
            }
        return NeighbourError("SerializationException", "\(kind) can not be converted to \(wanted)")
    }
}
