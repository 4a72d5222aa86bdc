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
}
