import Testing

@testable import Rules

@Suite("Sets of characters") struct ScalarSetTests {
    @Test("negation, and negated sets inside sets")
    func negation() {
        var set = ScalarSet(0x61...0x63)
        set.insert(ScalarSet.digits.negated())
        #expect(set.contains("a") && set.contains("x") && !set.contains("5"))
        #expect(!set.negated().contains("x") && set.negated().contains("5"))
        #expect(ScalarSet().negated().contains("\u{10FFFF}") && !ScalarSet().contains("a"))
    }

    @Test("ignoring case looks at the one letter that each maps to")
    func ignoringCase() {
        let set = ScalarSet(0x61...0x7A).ignoringCase()
        #expect(set.contains("Q") && set.contains("q") && !set.contains("1"))
        #expect(!set.negated().contains("Q") && set.negated().contains("1"))
        #expect(ScalarSet(0xE4...0xE4).ignoringCase().contains("Ä"))
    }

    @Test("every category of Unicode has the code that the standard gives it")
    func categories() {
        for (scalar, code) in [
            ("A", "Lu"), ("a", "Ll"), ("ǅ", "Lt"), ("ʰ", "Lm"), ("中", "Lo"), ("\u{301}", "Mn"), ("1", "Nd"),
            ("Ⅷ", "Nl"),
            ("_", "Pc"), ("-", "Pd"), ("(", "Ps"), (")", "Pe"), ("«", "Pi"), ("»", "Pf"), ("!", "Po"), ("+", "Sm"),
            ("€", "Sc"), ("^", "Sk"), ("©", "So"), (" ", "Zs"), ("\u{0}", "Cc"), ("\u{200D}", "Cf"), ("\u{E000}", "Co"),
        ] as [(Unicode.Scalar, String)] {
            #expect(scalar.properties.generalCategory.code == code)
            var set = ScalarSet()
            #expect(set.insert(category: code, isNegated: false) && set.contains(scalar))
        }
        var set = ScalarSet()
        #expect(!set.insert(category: "Xx", isNegated: false) && !set.insert(category: "", isNegated: false))
    }
}
