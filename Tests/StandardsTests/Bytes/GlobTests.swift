import Bytes
import Testing

@Suite("Glob") struct GlobTests {
    @Test(
        "a star is any run, a question mark one byte",
        arguments: [
            ("*", "", true), ("*", "anything", true), ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "ab", false),
            ("a?c", "abc", true), ("a?c", "ac", false), ("*search*", "the_search_agent", true), ("", "", true),
            ("", "a", false), ("abc", "abc", true), ("abc", "abcd", false), ("*a*b*", "xxaxxbxx", true),
            ("*aab", "aaab", true), ("a**b", "ab", true), ("[a]", "a", false),
        ])
    func matching(pattern: String, text: String, expected: Bool) {
        #expect(Glob(pattern).matches(text) == expected)
        #expect(Glob(pattern).matches(Array(text.utf8)) == expected)
    }

    @Test("many stars over a long near miss end in time")
    func bounded() {
        let pattern = String(repeating: "a*", count: 200) + "b"
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 5_000)))
    }

    @Test(
        "two patterns meet when some text fits both",
        arguments: [
            ("a", "a", true), ("a", "b", false), ("*", "", true), ("a*", "*b", true), ("a*", "b*", false),
            ("?", "", false), ("??", "a?", true), ("*x*", "a?c", true), ("*x*", "abc", false), ("a*c", "a*d", false),
            ("restaurant_*", "*search*", true), ("*-ABCDEFGHIJ", "coach-*", true), ("", "", true),
        ])
    func meeting(one: String, other: String, meet: Bool) {
        #expect(Glob(one).meets(Glob(other)) == meet)
        #expect(Glob(other).meets(Glob(one)) == meet)
    }
}
