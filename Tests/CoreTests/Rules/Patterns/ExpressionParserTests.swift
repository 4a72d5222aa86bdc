import Testing

@testable import Rules

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

@Suite("Repeats in expressions") struct ExpressionRepeatsTests {
    @Test("a repeat becomes its bounds") func bounds() throws {
        func repeated(_ pattern: String) throws -> ExpressionTree {
            var parser = ExpressionParser(pattern)
            return try parser.parse()
        }
        let a = ExpressionTree.scalars(ScalarSet(0x61...0x61))
        #expect(try repeated("a*") == .repeated(a, atLeast: 0, atMost: nil))
        #expect(try repeated("a+?") == .repeated(a, atLeast: 1, atMost: nil))
        #expect(try repeated("a?") == .repeated(a, atLeast: 0, atMost: 1))
        #expect(try repeated("a{3}") == .repeated(a, atLeast: 3, atMost: 3))
        #expect(try repeated("a{3,}") == .repeated(a, atLeast: 3, atMost: nil))
        #expect(try repeated("a{0,1000}") == .repeated(a, atLeast: 0, atMost: 1_000))
    }

    @Test(
        "a repeat that cannot be is refused",
        arguments: [
            ("a{1001}", "a repeat goes to at most 1000"), ("a{0,1001}", "a repeat goes to at most 1000"),
            ("a{3,2}", "a repeat counts upwards"), ("a++", "possessive repeats are not supported"),
            ("a**", "a repeat cannot be repeated"), ("a*??", "a repeat cannot be repeated"),
            ("^*", "an anchor cannot be repeated"),
        ]) func refused(pattern: String, message: String)
    { #expect { _ = try RegularExpression(pattern) } throws: { ($0 as? ExpressionMistake)?.message == message } }

    @Test("a count of more digits than a number holds is no count") func huge() throws {
        #expect(try RegularExpression("^a{99999999999999999999}$").matches("a{99999999999999999999}"))
    }
}

@Suite("Expressions as trees") struct ExpressionTreeTests {
    @Test("an expression is read as what it says, and no more") func shape() throws {
        var parser = ExpressionParser("^a|(?:)$")
        let a = ExpressionTree.scalars(ScalarSet(0x61...0x61))
        #expect(
            try parser.parse()
                == .choice([.sequence([.assertion(.textStart), a]), .sequence([.empty, .assertion(.textEnd)])]))
    }

    @Test("a mistake names its character") func mistake() {
        #expect(
            ExpressionMistake(message: "a ( is never closed", place: 3).text == "a ( is never closed at character 3")
    }
}
