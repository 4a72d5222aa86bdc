import JSON
import Support
import Testing

@Suite("JSON string literals") struct StringLiteralTests {
    static func literal(_ bytes: [UInt8]) -> String {
        var literal: [UInt8] = []
        StringLiteral.append(lossy: bytes.span, to: &literal)
        return String(decoding: literal, as: UTF8.self)
    }

    @Test(
        "quotation marks, backslashes and control characters are escaped, everything else stays",
        arguments: [
            ("", "\"\""), ("plain text", "\"plain text\""), ("a\"b\\c/", #""a\"b\\c/""#),
            ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#), ("\0\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001f\u{7F}\""),
            ("é€😀\u{2028}", "\"é€😀\u{2028}\""), ("0123456789abcdef\"", #""0123456789abcdef\"""#),
        ])
    func escapes(text: String, literal: String) throws {
        #expect(Self.literal(Array(text.utf8)) == literal)
        #expect(Value.string(text).json() == literal)
        #expect(try Value.parse(literal).text == text)
    }

    @Test(
        "what is not UTF-8 becomes U+FFFD",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func lossy(bytes: [UInt8]) throws {
        let literal = Self.literal(Array("a\"".utf8) + bytes + Array("b".utf8))
        #expect(
            try Value.parse(literal).text
                == String(decoding: Array("a\"".utf8) + bytes + Array("b".utf8), as: UTF8.self))
        #expect(literal.contains("\u{FFFD}"))
    }

    @Test("any bytes make a literal that reads back as their text", arguments: [UInt64(71), 72])
    func random(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<1_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            let text = try Value.parse(Self.literal(bytes)).text
            #expect(text == String(decoding: bytes, as: UTF8.self), "seed \(seed), round \(round)")
        }
    }
}
