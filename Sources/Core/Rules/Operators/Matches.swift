import Fields
import JSON

/// `matches`: a regular expression found in the string, or in a number or boolean as it is written.
package struct Matches: Operator {
    package static let word = "matches"
    package static let column = StoredColumn("matches", .text)
    private let text: String
    /// Nil for a text that is no expression, with its mistake.
    private let expression: RegularExpression?
    private let mistake: ExpressionMistake?

    package init(_ text: String) {
        self.text = text
        do throws(ExpressionMistake) {
            expression = try RegularExpression(text)
            mistake = nil
        } catch {
            expression = nil
            mistake = error
        }
    }

    package init?(_ fields: inout FieldReader) {
        guard let text = fields.text(Self.word) else { return nil }
        self.init(text)
        guard let mistake else { return }
        fields.refuse(Self.word, "\(TextCheck.quoted(text)) is not a regular expression: \(mistake.text)")
        return nil
    }

    package init?(stored: StoredValue) {
        guard let text = stored.text else { return nil }
        self.init(text)
    }

    package var written: Value { .string(text) }
    package var stored: StoredValue { .text(text) }
    package var problem: String? { mistake.map { "the expression \"\(text)\": \($0.text)" } }

    package func failure(_ effort: SearchEffort) -> String {
        let expression = Excerpt.of(.string(text))
        guard effort.givenUp.contains(text) else { return "does not match \(expression)" }
        return "whether it matches \(expression) was given up: it takes more than \(SearchEffort.most) steps"
    }

    package func holds(for value: Value, _ effort: inout SearchEffort) -> Bool {
        guard let expression else { return false }
        switch value {
        case .string(let text), .number(let text): return effort.finds(expression, in: text)
        case .bool(let bool): return effort.finds(expression, in: bool ? "true" : "false")
        case .null, .array, .object: return false
        }
    }
}
