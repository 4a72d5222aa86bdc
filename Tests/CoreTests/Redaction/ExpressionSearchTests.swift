import Rules
import Testing

@Suite("Where an expression is found") struct ExpressionSearchTests {
    @Test(
        "the leftmost, and of those the longest",
        arguments: [
            ("a+", "caaat aa", [1..<4, 6..<8]), ("ab|abcd", "xabcdab", [1..<5, 5..<7]), ("^a", "aa", [0..<1]),
            ("(a|b)*c", "xababc", [1..<6]), ("x*", "aa", []), ("\\bfoo\\b", "foo food foo", [0..<3, 9..<12]),
            ("abcd|bc", "abcx", [1..<3]), ("é", "aéb", [1..<3]),
        ])
    func places(_ expression: String, _ text: String, _ expected: [Range<Int>]) throws {
        #expect(try RegularExpression(expression).places(in: Array(text.utf8)) == expected)
    }
}
