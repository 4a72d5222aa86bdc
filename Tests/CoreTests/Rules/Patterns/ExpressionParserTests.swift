@testable import Rules
import Testing

@Suite("The syntax of expressions") struct ExpressionParserTests {
    @Test(
        "what cannot be used is refused with its place",
        arguments: [
            ("a)", "a ) closes no group at character 2"), ("(a", "a ( is never closed at character 1"),
            ("*a", "* has nothing to repeat at character 1"), ("a|+", "+ has nothing to repeat at character 3"),
            ("a\\", "the \\ escapes nothing at character 3"),
            ("(a)\\1", "references to groups are not supported at character 5"),
            ("(?=a)", "looking ahead is not supported at character 3"),
            ("(?!a)", "looking ahead is not supported at character 3"),
            ("(?<=a)b", "looking behind is not supported at character 4"),
            ("(?>a)", "atomic groups are not supported at character 3"),
            ("(?x)a", "(?x is no kind of group at character 3"),
            ("(?", "a ( is never closed at character 3"), ("(?<a", "a group's name stands in < and > at character 5"),
            ("(?<a b>c)", "a group's name is a word at character 5"),
        ])
    func refused(pattern: String, message: String) {
        #expect { _ = try RegularExpression(pattern) } throws: { ($0 as? ExpressionMistake)?.text == message }
    }

    @Test("groups nest to a depth that no stack minds")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try RegularExpression(nested(64)).matches("a"))
        #expect { _ = try RegularExpression(nested(65)) } throws: {
            ($0 as? ExpressionMistake)?.text == "more than 64 groups in each other at character 66"
        }
    }
}
