import JSON
import Support
import Testing

@Suite("JSON, read and written") struct ParsingTests {
    private func isText(_ bytes: [UInt8]) -> Bool { Value.isText(bytes.span) }

    @Test("a text cut short anywhere is refused, never half read")
    func truncated() throws {
        let text = Array(#"{"a":[1.5e3,"\u00e9\uD83D\uDE00",true,null],"é":{"x":-10}}"#.utf8)
        for count in 0..<text.count {
            #expect(throws: SyntaxError.self, "cut after \(count) bytes") { try Value.parse(Array(text[..<count])) }
            #expect(!isText(Array(text[..<count])), "cut after \(count) bytes")
        }
    }

    @Test("random values come back from every style as they were", arguments: [UInt64(1), 2, 3, 4])
    func random(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<200 {
            let value = Value.random(&chance)
            for style in [Style.compact, .spaced, .pretty] {
                #expect(try Value.parse(value.bytes(style)) == value, "seed \(seed), round \(round)")
            }
        }
    }

    @Test("whether a text can be read is known without reading it, however deep it is nested")
    func walked() {
        for (text, isText) in [
            ("{}", true), ("[[],{}]", true), (#" {"a" : [1 , "\u00e9"] } "#, true), ("-0.5e3", true), ("", false),
            ("{\"a\"}", false), ("{a:1}", false), ("[1,]", false), ("[1}", false), ("01", false), ("\u{FEFF}1", false),
            ("\"\\ud800\"", false), ("1 2", false), ("tru", false), ("{,}", false),
        ] {
            #expect(self.isText(Array(text.utf8)) == isText, "\(text)")
        }
        for (depth, isText) in [(64, true), (65, true), (512, true), (513, false)] {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(self.isText(Array(text.utf8)) == isText, "\(depth)")
        }
    }

    @Test(
        "a text with random bytes changed is read or refused, the same for values and nodes", arguments: [UInt64(7), 8])
    func mutated(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            var bytes = Value.random(&chance).compact
            for _ in 0..<Int.random(in: 1...3, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                bytes[place] = UInt8.random(in: 0...255, using: &chance)
            }
            let value = Result { () throws(SyntaxError) in try Value.parse(bytes) }
            let node = Result { () throws(SyntaxError) in try Node.parse(bytes).value }
            #expect(value == node, "seed \(seed), round \(round)")
            #expect(isText(bytes) == ((try? value.get()) != nil), "seed \(seed), round \(round)")
        }
    }
}

extension Value {
    /// A value of up to four levels with hostile strings in it.
    static func random(_ chance: inout SeededGenerator, depth: Int = 0) -> Value {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 5), using: &chance) {
        case 0: return .null
        case 1: return .bool(.random(using: &chance))
        case 2: return .number(["0", "-1.50", "1e400", "7E-3", "12345678901234567890"].randomElement(using: &chance)!)
        case 3, 4: return .string(randomText(&chance))
        case 5:
            return .array((0..<Int.random(in: 0..<5, using: &chance)).map { _ in random(&chance, depth: depth + 1) })
        default:
            return .object(
                (0..<Int.random(in: 0..<5, using: &chance)).map { _ in
                    Member(randomText(&chance), random(&chance, depth: depth + 1))
                })
        }
    }

    private static func randomText(_ chance: inout SeededGenerator) -> String {
        let pieces = [
            "a", "prompt", "\"", "\\", "\n", "\0", "\u{1F}", "/", "é", "€", "😀", "\u{7F}", "\u{2028}", " ",
            "0123456789abcdef",
        ]
        return (0..<Int.random(in: 0..<6, using: &chance)).map { _ in pieces.randomElement(using: &chance)! }.joined()
    }
}
