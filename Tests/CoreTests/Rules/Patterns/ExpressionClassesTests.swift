import Testing

@testable import Rules

@Suite("Classes in expressions") struct ExpressionClassesTests {
    @Test(
        "a class that cannot be is refused",
        arguments: [
            ("[]", "the class holds nothing"), ("[^]", "the class holds nothing"), ("[abc", "a [ is never closed"),
            ("[z-a]", "a range counts upwards"), ("[\\", "the \\ escapes nothing"), ("\\q", "\\q is no escape"),
            ("\\x4", "not a hexadecimal character number"), ("\\u{110000}", "not a hexadecimal character number"),
            ("\\u{}", "not a hexadecimal character number"),
            ("\\p{Greek}", "\"Greek\" is no Unicode category (such as L, Lu, Nd, P, Emoji)"),
            ("\\p{", "\\p{ is never closed"), ("\\p", "\"\" is no Unicode category (such as L, Lu, Nd, P, Emoji)"),
        ])
    func refused(pattern: String, message: String) {
        #expect { _ = try RegularExpression(pattern) } throws: { ($0 as? ExpressionMistake)?.message == message }
    }

    @Test("escapes mean inside a class what they mean outside; \\b is a backspace there")
    func escapes() throws {
        #expect(try RegularExpression("^[\\b]$").matches("\u{08}"))
        #expect(try RegularExpression("^[\\d\\s_]+$").matches("1 _2"))
        #expect(try RegularExpression("^[^\\D]$").matches("7"))
        #expect(try RegularExpression("^[\\u0041-\\x43]+$").matches("ABC"))
    }
}
