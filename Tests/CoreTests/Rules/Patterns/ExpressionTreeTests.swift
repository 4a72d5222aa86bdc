@testable import Rules
import Testing

@Suite("Expressions as trees") struct ExpressionTreeTests {
    @Test("an expression is read as what it says, and no more")
    func shape() throws {
        var parser = ExpressionParser("^a|(?:)$")
        let a = ExpressionTree.scalars(ScalarSet(0x61...0x61))
        #expect(
            try parser.parse()
                == .choice([
                    .sequence([.assertion(.textStart), a]), .sequence([.empty, .assertion(.textEnd)]),
                ]))
    }

    @Test("a mistake names its character")
    func mistake() {
        #expect(
            ExpressionMistake(message: "a ( is never closed", place: 3).text == "a ( is never closed at character 3")
    }
}
