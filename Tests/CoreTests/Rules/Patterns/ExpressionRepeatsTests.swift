@testable import Rules
import Testing

@Suite("Repeats in expressions") struct ExpressionRepeatsTests {
    @Test("a repeat becomes its bounds")
    func bounds() throws {
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
        ])
    func refused(pattern: String, message: String) {
        #expect { _ = try RegularExpression(pattern) } throws: { ($0 as? ExpressionMistake)?.message == message }
    }

    @Test("a count of more digits than a number holds is no count")
    func huge() throws {
        #expect(try RegularExpression("^a{99999999999999999999}$").matches("a{99999999999999999999}"))
    }
}
