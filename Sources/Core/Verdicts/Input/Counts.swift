import JSON
import Fields

/// Readers of what several kinds take.
extension ExpectationReader {
    /// A number, or `{min,max}`.
    mutating func count(_ name: String) -> ClosedRange<Int>? {
        guard let node = fields.field(name) else { return nil }
        if let number = node.integer {
            if number < 0 { fields.refuse(name, "a count is not negative") }
            return number < 0 ? nil : number...number
        }
        guard node.members != nil else {
            fields.refuseKind(name, node, expected: "a number or {\"min\":…, \"max\":…}")
            return nil
        }
        return fields.object(name) { inner in
            let least = inner.integer("min", 0...Int.max)
            let most = inner.integer("max", 0...Int.max)
            if least == nil, most == nil { inner.refuse("neither \"min\" nor \"max\" is given") }
            guard (least ?? 0) <= most ?? .max else {
                inner.refuse("min", "the least, \(least ?? 0), is more than the most, \(most ?? 0)")
                return nil
            }
            return (least ?? 0)...(most ?? .max)
        }
    }

    /// The most that is allowed: a number, or `{"max":…}`.
    mutating func most(_ name: String) -> Int? { count(name)?.upperBound }

    /// `"story": "header:NAME"` or `"$.path"`.
    mutating func story() -> StorySource? {
        guard let text = fields.text("story") else { return nil }
        if let name = Self.headerName(text) {
            wanted.headers.insert(name)
            return .header(name)
        }
        if text.hasPrefix("$"), (try? Path(text)) != nil {
            wanted.paths.insert(text)
            return .path(text)
        }
        fields.refuse(
            "story", "\(TextCheck.quoted(text)) says no key of an invocation",
            hint: "write \"header:NAME\" or a path like \"$.requestId\"")
        return nil
    }

    /// `"failures": ["5xx", "429", "timeout"]`.
    mutating func failures() -> FailureSet { FailureSet.read(&fields) ?? .standard }

    mutating func positive(_ name: String) -> Double? {
        guard let node = fields.field(name) else { return nil }
        guard let number = node.double, number > 0 else {
            fields.refuse(name, "expected a number above 0")
            return nil
        }
        return number
    }
}

extension FailureSet {
    static func read(_ fields: inout FieldReader) -> FailureSet? {
        guard let node = fields.field("failures") else { return nil }
        guard let elements = node.array, !elements.isEmpty else {
            fields.refuse("failures", "expected a list with at least one status or word")
            return nil
        }
        var set = FailureSet(statuses: [])
        for element in elements {
            var word = element.text
            if case .number(let literal) = element.content { word = literal }
            guard let word, set.add(word) else {
                fields.refuse(
                    "failures", "\(Excerpt.of(element.value)) is no failure",
                    hint: "there are statuses like \"503\" and \"5xx\", \(words.joined(separator: ", "))")
                continue
            }
        }
        return set
    }
}
