import Support
import Testing

@testable import Rules

@Suite("Regular expressions") struct RegularExpressionTests {
    @Test(
        "an expression is found anywhere in the text, unless anchored",
        arguments: [
            ("sushi", "I want sushi now", true), ("^sushi", "I want sushi", false), ("now$", "right now", true),
            ("^$", "", true), ("^$", "a", false), ("", "anything", true), ("a|b|", "", true),
            ("a.c", "abc", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("(?m)^b$", "a\nb\nc", true),
            ("^b$", "a\nb\nc", false), ("colou?r", "color", true), ("ab*c", "ac", true), ("ab+c", "ac", false),
            ("^a{2,3}$", "aa", true), ("^a{2,3}$", "aaaa", false), ("^a{2,}$", "aaaaa", true),
            ("^(ab){2}$", "abab", true),
            ("^(?:ab|cd)+$", "abcdab", true), ("^(?<word>\\w+)\\s(?P<n>\\d+)$", "row 12", true),
            ("[a-c]", "xbx", true), ("[^a-c]", "abc", false), ("[a\\]b]", "]", true),
            ("[-a]", "-", true), ("[a-]", "-", true), ("[\\d-]", "-", true), ("[\\w-z]", "-", true),
            ("\\bsushi\\b", "sushi!", true), ("\\bsushi\\b", "sushibar", false), ("\\Bush", "sushi", true),
            ("(?i)SUSHI", "sUsHi", true), ("(?i)straße", "STRAßE", true), ("(?i:s)U", "SU", true),
            ("(?i:s)U", "Su", false),
            ("a(?i)b", "aB", true), ("(a(?i)b)c", "aBC", false), ("\\x41\\u0042\\u{43}", "ABC", true),
            ("\\p{Lu}", "aÄ", true), ("^\\p{L}+$", "straße", true), ("\\P{L}", "abc", false), ("\\pN", "a5", true),
            ("\\p{Emoji}", "💪", true), ("[\\p{So}\\s]+$", "💪 🎉", true), ("[^\\W]", "é", false),
            ("\\.\\*\\(\\)\\[\\]\\{\\}\\\\", ".*()[]{}\\", true), ("a{", "a{", true), ("a{,2}", "a{,2}", true),
            ("x{1,2", "x{1,2", true), ("\\t\\n\\r\\f\\v\\0", "\t\n\r\u{0C}\u{0B}\u{00}", true),
            ("a*?b+?c??", "b", true),
            ("é", "e\u{301}", false), ("\\A\\d+\\z", "123", true), ("(|a)+", "aaa", true), ("(a*)*$", "aaab", true),
        ])
    func matching(pattern: String, text: String, expected: Bool) throws {
        #expect(try RegularExpression(pattern).matches(text) == expected, "\(pattern) against \(text)")
    }

    @Test("expressions that ruin a backtracking matcher take time linear in the text")
    func linear() throws {
        let text = String(repeating: "a", count: 5_000) + "!"
        for pattern in ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*x", "^(a?){50}a{50}$"] {
            #expect(try !RegularExpression(pattern).matches(text), "\(pattern)")
        }
    }

    @Test("nothing repeated a million times costs nothing; something, is refused")
    func bounds() throws {
        #expect(try RegularExpression("(((){1000}){1000}){1000}").matches("x"))
        #expect(throws: ExpressionMistake.self) { try RegularExpression("((a{1000}){1000}){1000}") }
        #expect(throws: ExpressionMistake.self) { try RegularExpression(String(repeating: "(", count: 100_000)) }
    }

    @Test("random expressions and texts end in an answer or a mistake, never in a crash")
    func random() {
        let seed: UInt64 = 20_260_115
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ab(|)[]{}*+?^$.\\dwsbpu-,123:<i>éß")
        for _ in 0..<3_000 {
            let pattern = String(
                (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &generator)]
                })
            let text = String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
            guard let expression = try? RegularExpression(pattern) else { continue }
            let found = expression.matches(text)
            // What is found in a text is found in a longer one, when nothing is anchored.
            let isFree = !pattern.contains { "^$\\".contains($0) }
            if isFree, found { #expect(expression.matches("x" + text + "x"), "seed \(seed): \(pattern) in \(text)") }
        }
    }

    @Test("a large expression over a large text gives up, and a small one over the same text does not")
    func bounded() throws {
        let text = String(repeating: "a", count: 300_000)
        #expect(try !RegularExpression("(.*a){30}z").matches(text + "z"))
        #expect(try RegularExpression("(.*a){30}z").matches(String(repeating: "a", count: 300) + "z"))
        #expect(try RegularExpression("az$").matches(text + "z"))
    }
}
