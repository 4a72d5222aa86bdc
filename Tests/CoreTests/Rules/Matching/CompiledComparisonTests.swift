@testable import Fields
@testable import Rules
import JSON
import Testing

@Suite("Comparisons") struct CompiledComparisonTests {
    private func comparison(_ change: (inout Comparison) -> Void) throws -> CompiledComparison {
        var comparison = Comparison()
        change(&comparison)
        return try CompiledComparison(comparison)
    }

    @Test("contains: characters of a string, or an element of a list")
    func contains() throws {
        let sushi = try comparison { $0.contains = "sushi" }
        #expect(sushi.failure(for: "I want sushi") == nil && sushi.failure(for: ["pizza", "sushi"]) == nil)
        #expect(sushi.failure(for: "sush") == .contained && sushi.failure(for: ["sushi bar"]) == .contained)
        #expect(sushi.failure(for: 1) == .contained && sushi.failure(for: nil) == .missing)
        let overlap = try comparison { $0.contains = "aab" }
        #expect(overlap.failure(for: "aaab") == nil && overlap.failure(for: "aaa") == .contained)
    }

    @Test("matches: strings, and numbers and booleans as they are written")
    func matches() throws {
        let digits = try comparison { $0.matches = "^[0-9.]+$" }
        #expect(digits.failure(for: "12") == nil && digits.failure(for: .number("1.50")) == nil)
        #expect(digits.failure(for: true) == .unmatched && digits.failure(for: .null) == .unmatched)
        #expect(digits.failure(for: [1]) == .unmatched)
    }

    @Test("exists: null is there, absence is not")
    func exists() throws {
        let (there, absent) = (try comparison { $0.exists = true }, try comparison { $0.exists = false })
        #expect(there.failure(for: .null) == nil && there.failure(for: nil) == .missing)
        #expect(absent.failure(for: nil) == nil && absent.failure(for: .null) == .unwanted)
    }

    @Test("operators that stand together all have to hold")
    func together() throws {
        let both = try comparison {
            $0.contains = "su"
            $0.matches = "i$"
        }
        #expect(both.failure(for: "sushi") == nil)
        #expect(both.failure(for: "hi") == .contained && both.failure(for: "sum") == .unmatched)
    }

    @Test("an explanation says what is there and what was wanted, in few words and without secrets")
    func explanations() throws {
        let equals = try comparison { $0.equals = ["a": 1] }
        #expect(equals.explanation(of: .unequal, value: 2) == #"is 2, does not equal {"a":1}"#)
        #expect(equals.explanation(of: .missing, value: nil) == "is missing")
        #expect(equals.explanation(of: .unequal, value: "s", isSecret: true) == #"is there, does not equal {"a":1}"#)
        let long = Value.string(String(repeating: "ä", count: 10_000))
        let text = equals.explanation(of: .unwanted, value: long)
        #expect(text == "is \"\(String(repeating: "ä", count: 60))\"…, should not exist")
        #expect(Excerpt.of(.array(Array(repeating: 1, count: 500))).utf8.count < 70)
    }

    @Test("a bad expression is refused")
    func refused() { #expect(throws: ExpressionMistake.self) { try comparison { $0.matches = "(" } } }
}
