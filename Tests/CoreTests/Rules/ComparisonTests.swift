import JSON
import Testing

@testable import Fields
@testable import Rules

@Suite("Comparisons") struct ComparisonTests {
    /// Nil when the comparison holds, else what is said of it.
    private func failure(_ value: Value?, _ operators: any Operator...) -> String? {
        let comparison = Comparison(
            stored: Operators.all.map { kind in operators.first { type(of: $0) == kind }?.stored })
        var effort = SearchEffort()
        let failure = comparison.failure(for: value, &effort)
        return failure.map { comparison.explanation(of: $0, value: value, effort) }
    }

    @Test("contains: characters of a string, or an element of a list")
    func contains() {
        let sushi = Contains("sushi")
        #expect(failure("I want sushi", sushi) == nil && failure(["pizza", "sushi"], sushi) == nil)
        #expect(failure("sush", sushi) == #"is "sush", does not contain "sushi""#)
        #expect(failure(["sushi bar"], sushi) == #"is ["sushi bar"], does not contain "sushi""#)
        #expect(failure(1, sushi) == #"is 1, does not contain "sushi""# && failure(nil, sushi) == "is missing")
        #expect(failure("aaab", Contains("aab")) == nil && failure("aaa", Contains("aab")) != nil)
    }

    @Test("matches: strings, and numbers and booleans as they are written")
    func matches() {
        let digits = Matches("^[0-9.]+$")
        #expect(failure("12", digits) == nil && failure(.number("1.50"), digits) == nil)
        #expect(failure(true, digits) == #"is true, does not match "^[0-9.]+$""# && failure(.null, digits) != nil)
        #expect(failure([1], digits) != nil)
    }

    @Test("exists: null is there, absence is not")
    func exists() {
        let (there, absent) = (Exists(true), Exists(false))
        #expect(failure(.null, there) == nil && failure(nil, there) == "is missing")
        #expect(failure(nil, absent) == nil && failure(.null, absent) == "is null, should not exist")
    }

    @Test("operators that stand together all have to hold; one that asks for nothing wants a value")
    func together() {
        let both: (Value?) -> String? = { failure($0, Contains("su"), Matches("i$")) }
        #expect(both("sushi") == nil)
        #expect(both("hi") == #"is "hi", does not contain "su""# && both("sum") == #"is "sum", does not match "i$""#)
        #expect(failure(.null) == nil && failure(nil) == "is missing")
    }

    @Test("an explanation says what is there and what was wanted, in few words and without secrets")
    func explanations() {
        let equals = Comparison(Equals(["a": 1]))
        #expect(failure(2, Equals(["a": 1])) == #"is 2, does not equal {"a":1}"#)
        #expect(
            equals.explanation(of: .failed(Equals(["a": 1])), value: "s", isSecret: true, SearchEffort())
                == #"is there, and "equals" does not hold for it"#)
        let long = Value.string(String(repeating: "ä", count: 10_000))
        #expect(failure(long, Exists(false)) == "is \"\(String(repeating: "ä", count: 60))\"…, should not exist")
        #expect(Excerpt.of(.array(Array(repeating: 1, count: 500))).utf8.count < 70)
    }

    @Test("a bad expression holds for nothing, and says why")
    func badExpression() {
        #expect(Matches("(").problem?.hasPrefix(#"the expression "(": "#) == true && Matches("a").problem == nil)
        var effort = SearchEffort()
        #expect(!Matches("(").holds(for: "(", &effort))
    }

    @Test("two are the same when their operators are")
    func same() {
        #expect(Comparison(Contains("a"), Exists(true)) == Comparison(Contains("a"), Exists(true)))
        #expect(Comparison(Contains("a")) != Comparison(Matches("a")) && Comparison(Contains("a")) != Comparison())
    }

    @Test("every operator is stored in a column of its own, and comes back the same")
    func stored() {
        let all = Comparison(Equals(.null), Contains("a"), Matches("("), Exists(false))
        #expect(Comparison(stored: all.stored) == all && all.operators.count == Operators.all.count)
        #expect(Set(Operators.all.map { $0.column.name }).count == Operators.all.count)
    }
}
