import Bytes
import Fields
import JSON

// Rules.  "JSON Schema: A Media Type for Describing JSON Documents", draft 2020-12. What may stand in a scenario is asked of
//         its readers, by an outline; only what it means to a person is written here.
// Theory. A schema cannot say all that the readers check: two rules of one name, a window that is over. What it refuses is
//         refused; what it takes may still be told of by `check`.

/// The schema of scenario files, for editors.
package enum ScenarioSchema {
    /// `words` judge faults as if they were armed now: without a moment they do not tell their parameters.
    package static func value(_ words: Vocabulary) -> Value {
        let outline = Outline()
        var fields = FieldReader(outlining: outline)
        ScenarioFile.outline(&fields, words)
        guard case .object(let members) = object(outline, at: "") else { return .object([]) }
        let head: [Value.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("title", "Understudy scenario"),
            .init("description", "What Understudy serves: agents, credentials, users, rules, faults."),
        ]
        return .object(head + members)
    }

    private static func object(_ outline: Outline, at path: String) -> Value {
        guard let deciding = outline.variants.first?.name else {
            return choosing(outline.alternatives, object(outline.fields, at: path))
        }
        let variants = outline.variants.map { variant -> Value in
            let own = outline.fields.filter { $0.name != deciding && $0.name != Outline.others }
            let inner = variant.outline.fields.filter { field in !outline.fields.contains { $0.name == field.name } }
            let place = "\(path)(\(variant.word))"
            let const = described([.init("const", .string(variant.word))], at: "\(place).\(deciding)")
            return object(
                properties(own, at: path) + properties(inner, at: place) + [.init(deciding, const)],
                needed: (own + inner).filter(\.isNeeded).map(\.name) + [deciding], others: false)
        }
        return .object([.init("type", "object"), .init("oneOf", .array(variants))])
    }

    private static func choosing(_ names: [String], _ object: Value) -> Value {
        guard !names.isEmpty else { return object }
        let one = names.map { name -> Value in ["required": [.string(name)]] }
        return .object((object.members ?? []) + [.init("oneOf", .array(one))])
    }

    private static func object(_ fields: [Outline.Field], at path: String) -> Value {
        let others = fields.first { $0.name == Outline.others }
        return object(
            properties(fields, at: path), needed: fields.filter(\.isNeeded).map(\.name),
            others: others.map { property($0, at: path + ".*") } ?? false)
    }

    private static func object(_ properties: [Value.Member], needed: [String], others: Value) -> Value {
        var members: [Value.Member] = [.init("type", "object"), .init("properties", .object(properties))]
        if !needed.isEmpty { members.append(.init("required", .array(needed.map(Value.string)))) }
        return .object(members + [.init("additionalProperties", others)])
    }

    private static func properties(_ fields: [Outline.Field], at path: String) -> [Value.Member] {
        fields.filter { $0.name != Outline.others }.map { field in
            .init(field.name, property(field, at: path.isEmpty ? field.name : "\(path).\(field.name)"))
        }
    }

    private static func property(_ field: Outline.Field, at path: String) -> Value {
        let kinds = field.kinds.map { kind($0, at: path) }
        return described(kinds.count == 1 ? kinds[0].members ?? [] : [.init("anyOf", .array(kinds))], at: path)
    }

    private static func described(_ members: [Value.Member], at path: String) -> Value {
        .object((SchemaTexts.text(at: path).map { [.init("description", .string($0))] } ?? []) + members)
    }

    private static func kind(_ kind: Outline.Kind, at path: String) -> Value {
        switch kind {
        case .anything: .object([])
        case .text(let words): text(among: words)
        case .duration: ["type": "string", "pattern": .string(duration), "examples": ["250ms", "1.5s", "15m"]]
        case .integer(let range): integer(range)
        case .share: ["type": "number", "minimum": 0, "maximum": 1]
        case .bool: ["type": "boolean"]
        case .texts(let words): ["type": "array", "items": text(among: words)]
        case .list(let outline): ["type": "array", "items": object(outline, at: path + "[]")]
        case .object(let outline): object(outline, at: path)
        }
    }

    private static let duration = #"^([0-9]+[a-zµ]+)*[0-9]+(\.[0-9]+)?[a-zµ]+$"#

    private static func text(among words: [String]?) -> Value {
        words.map { ["type": "string", "enum": .array($0.map(Value.string))] } ?? ["type": "string"]
    }

    private static func integer(_ range: ClosedRange<Int>) -> Value {
        var members: [Value.Member] = [.init("type", "integer")]
        if range.lowerBound != .min { members.append(.init("minimum", Value(range.lowerBound))) }
        if range.upperBound != .max { members.append(.init("maximum", Value(range.upperBound))) }
        return .object(members)
    }
}
