import JSON
import Testing

@Suite("JSON lexer") struct LexerTests {
    @Test(
        "numbers and strings that are none are refused at their place, in plain words",
        arguments: [
            ("-Infinity", 1, "a digit must follow a minus sign"),
            ("01", 0, "a number may not start with 0"),
            ("-01", 0, "a number may not start with 0"),
            ("-", 1, "a digit must follow a minus sign"),
            ("1.", 2, "a digit must follow the point of a number"),
            ("1.e3", 2, "a digit must follow the point of a number"),
            ("1e", 2, "a digit must follow the e of a number"),
            ("1e+", 3, "a digit must follow the e of a number"),
            ("\"", 0, "this string is not closed: its last \" is missing"),
            ("[\"abc", 1, "this string is not closed: its last \" is missing"),
            ("\"a\\\"", 0, "this string is not closed: its last \" is missing"),
            ("\"a\nb\"", 2, "the control character U+000A must be escaped inside a string"),
            ("\"a\u{0}\"", 2, "the control character U+0000 must be escaped inside a string"),
            ("\"\\x\"", 1, "this is not one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
            ("\"\\", 1, "this is not one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
            ("\"\\u12G4\"", 1, "\\u takes four hexadecimal digits"),
            ("\"\\u12", 1, "\\u takes four hexadecimal digits"),
            ("\"ab\\uD800\"", 3, "half of a surrogate pair stands alone"),
            ("\"\\uDC00\\uD800\"", 1, "half of a surrogate pair stands alone"),
            ("\"\\uD800\\uD800\"", 1, "half of a surrogate pair stands alone"),
            ("\"\\uD800\\n\"", 1, "half of a surrogate pair stands alone"),
        ])
    func invalid(text: String, offset: Int, message: String) {
        let refused = #expect(throws: SyntaxError.self) { try Value.parse(text) }
        #expect(refused?.message == message)
        #expect(refused?.offset == offset)
    }

    @Test(
        "numbers keep the digits they were written in",
        arguments: ["0", "-0", "1.50", "-12e+3", "1E-2", "1e400", "123456789012345678901234567890", "0.0e0"])
    func numbers(text: String) throws {
        #expect(try Value.parse(text) == .number(text))
        #expect(try Value.parse("[\(text)]") == .array([.number(text)]))
    }

    @Test(
        "bytes that are not UTF-8 are refused where they stand",
        arguments: [
            ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0x5C, 0x6E, 0xE2, 0x82, 0x22], 3), ([0x22, 0xC3, 0x5C, 0x6E, 0xA9, 0x22], 1),
        ] as [([UInt8], Int)])
    func notUTF8(bytes: [UInt8], offset: Int) {
        let refused = #expect(throws: SyntaxError.self) { try Value.parse(bytes) }
        #expect(refused?.message == "this is not UTF-8")
        #expect(refused?.offset == offset)
    }

    @Test("escapes become the characters they stand for")
    func escapes() throws {
        #expect(
            try Value.parse(#""\"\\\/\b\f\n\r\tA\u00e9\u20AC\uD83D\uDE00\u0000""#).text == "\"\\/\u{8}\u{c}\n\r\tAé€😀\0"
        )
    }

    @Test("a string of a million bytes is read, and one that never ends is refused")
    func longString() throws {
        let text = String(repeating: "aé€😀\\n", count: 84_000)
        #expect(try Value.parse("\"\(text)\"").text?.utf8.count == 84_000 * 11)
        #expect(throws: SyntaxError.self) { try Value.parse("[\"\(text)") }
    }
}
