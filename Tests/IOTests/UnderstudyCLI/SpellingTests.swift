import Testing

@testable import UnderstudyCLI

@Suite("Spelling") struct SpellingTests {
    @Test("a near word is offered, a far one is not")
    func hints() {
        let words = ["serve", "load", "--journal-limit"]
        #expect(Spelling.hint(for: "srve", among: words) == "; did you mean serve?")
        #expect(Spelling.hint(for: "laod", among: words) == "; did you mean load?")
        #expect(Spelling.hint(for: "--jurnal-limt", among: words) == "; did you mean --journal-limit?")
        #expect(Spelling.hint(for: "banana", among: words) == "")
        #expect(Spelling.hint(for: "", among: []) == "")
        #expect(Spelling.hint(for: String(repeating: "x", count: 100_000), among: words) == "")
    }

    @Test("one of a thing, and several")
    func counts() {
        #expect(Spelling.count(0, "rule") == "0 rules")
        #expect(Spelling.count(1, "rule") == "1 rule")
        #expect(Spelling.count(2, "rule") == "2 rules")
    }
}
