import Support
import Testing

@testable import Rules

@Suite("Search effort") struct SearchEffortTests {
    private static let large = String(repeating: "a", count: 300_000)

    @Test("what one call asks of all expressions together is bounded, and says what was given up")
    func together() throws {
        var effort = SearchEffort()
        let costly = try RegularExpression("(.*a){30}z")
        #expect(effort.finds(costly, in: "aaa") == false && effort.givenUp == [])
        #expect(effort.finds(costly, in: Self.large) == false && effort.givenUp == ["(.*a){30}z"])
        // What is left is nothing, for another one too.
        #expect(effort.finds(try RegularExpression("(.*b){2}z"), in: Self.large) == false)
        #expect(effort.givenUp == ["(.*a){30}z", "(.*b){2}z"])
        var other = SearchEffort()
        #expect(other.finds(try RegularExpression("az$"), in: Self.large + "z") && other.givenUp == [])
    }

    @Test("an outcome that cost much is known when it is asked for again")
    func again() throws {
        var effort = SearchEffort()
        let expression = try RegularExpression("(.*b){2}z")
        let text = String(Self.large.prefix(100_000))
        for _ in 0..<50 { #expect(effort.finds(expression, in: text) == false) }
        #expect(effort.givenUp == [])
    }

    @Test("when nothing is left, texts are given up unread, however many, and none of them is kept")
    func exhausted() throws {
        var effort = SearchEffort()
        let costly = try RegularExpression("(.*a){10}z")
        let other = try RegularExpression("^a")
        for number in 0..<40_000 { #expect(effort.finds(costly, in: "aaaa\(number)") == false) }
        #expect(effort.remaining == 0 && effort.keptCount == 0)
        // It would be found at its first letter.
        for number in 0..<40_000 { #expect(effort.finds(other, in: "aaaa\(number)") == false) }
        #expect(effort.remaining == 0 && effort.keptCount == 0)
        #expect(effort.givenUp == ["(.*a){10}z", "^a"])
    }

    @Test("of outcomes no more are kept than the effort of one call pays for")
    func kept() throws {
        var effort = SearchEffort()
        let expression = try RegularExpression("(.*b){2}z")
        for number in 0..<1_000 { _ = effort.finds(expression, in: String(repeating: "a", count: 2_500) + "\(number)") }
        #expect(effort.remaining == 0 && (1...200).contains(effort.keptCount))
    }

    @Test("another text of the same expression is looked at from its beginning")
    func fresh() throws {
        var effort = SearchEffort()
        let expression = try RegularExpression("ab+c")
        let texts = [("xab", false), ("bc", false), ("c", false), ("abbc", true), ("bc", false), ("abc", true)]
        for (text, isFound) in texts {
            #expect(effort.finds(expression, in: text) == isFound, "\(text)")
        }
    }

    @Test(
        "what looks at tables costs more of it than what compares, so that a call is bounded by time",
        arguments: [(#"^(\p{L})*$"#, "[a-zа-я]*$"), ("^(?i:[а-я])*$", "^[а-я]*$"), (#"^[^\W]*$"#, #"^\w*$"#)])
    func tables(_ costly: String, _ cheap: String) throws {
        func cost(_ expression: String) throws -> Int {
            var effort = SearchEffort()
            _ = effort.finds(try RegularExpression(expression), in: String(repeating: "жz", count: 1_000))
            return SearchEffort.most - effort.remaining
        }
        #expect(try cost(costly) > cost(cheap))
    }

    @Test("a text beyond ASCII is passed over as cheaply where nothing can begin")
    func beyond() throws {
        var effort = SearchEffort()
        let text = String(repeating: "расскажи мне ", count: 800)
        for number in 0..<500 { #expect(try !effort.finds(RegularExpression("sushi|Zebra \(number)"), in: text)) }
        #expect(effort.givenUp == [])
        #expect(effort.finds(try RegularExpression("(?i)МНЕ"), in: text))
        #expect(effort.finds(try RegularExpression("(?i)k"), in: "жж\u{212A}"))
    }

    @Test("places where nothing can begin cost little: a thousand expressions find nothing in a long prompt")
    func passedOver() throws {
        var effort = SearchEffort()
        let text = String(repeating: "tell me more ", count: 800)
        for number in 0..<1_000 { #expect(try !effort.finds(RegularExpression("^sushi|Zebra \(number)"), in: text)) }
        #expect(effort.givenUp == [])
    }

    @Test("a near miss says that an expression was given up, and so does the call that another rule answers")
    func told() throws {
        let costly =
            #"{"name": "costly", "when": {"payload": [{"path": "$.prompt", "matches": "(.*a){30}z"}]},"#
            + #" "reply": {"text": "no"}}"#
        let body = #"{"prompt":"\#(Self.large)"}"#
        let refused = try Stage(script(costly)).invoke(body)
        let words = #"whether it matches "(.*a){30}z" was given up: it takes more than 2000000 steps"#
        #expect(refused.call.isUnmatched && refused.call.why?.contains(words) == true, "\(refused.call.why ?? "")")
        let answered = try Stage(script(#"\#(costly), {"name": "all", "reply": {"text": "yes"}}"#)).invoke(body)
        #expect(answered.body == "yes" && answered.call.rule == "all")
        #expect(
            answered.call.why
                == #"rules were passed over: whether the call matches "(.*a){30}z" was given up after 2000000 steps"#)
    }
}
