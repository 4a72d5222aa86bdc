import Foundation
import JSON
import Support
import Testing

@Suite("JSON parser") struct TreeParserTests {
    @Test(
        "what RFC 8259 allows is read",
        arguments: [
            "null", " true ", "false", "0", "-0", "1.50", "-12e+3", "1E-2", "1e400", "123456789012345678901234567890",
            "\"\"", "\"a\"", "[]", "{}", "[ ]", "{ }", "[[],{}]", "{\"\":0}", "{\"a\":1,\"a\":2}", "[1 , 2]",
            "\t\r\n [1]\n", "\"\u{7f}\u{80}\u{2028}\u{10FFFF}\"", "[\"\\u0000\"]", "\"\\uD83D\\uDE00\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "[null,true,false,\"x\",1,{\"a\":[]}]",
        ])
    func valid(text: String) throws {
        let value = try Value.parse(text)
        #expect(try Node.parse(Array(text.utf8)).value == value)
        #expect(try Value.parse(value.compact) == value)
    }

    @Test(
        "what it forbids is refused at its place, in plain words",
        arguments: [
            ("", 0, "there is no value: the text is empty"),
            ("  ", 2, "there is no value: the text is empty"),
            ("[", 1, "the text ends before the array of line 1, column 1 is closed"),
            ("{\"a\":[1", 7, "the text ends before the array of line 1, column 6 is closed"),
            ("{", 1, "the text ends before the object of line 1, column 1 is closed"),
            ("{\"a\"", 4, "the text ends before the object of line 1, column 1 is closed"),
            ("{\"a\":", 5, "the text ends before the object of line 1, column 1 is closed"),
            ("]", 0, "expected a value, found ]"),
            ("[1,]", 2, "a comma stands before ]: remove it"),
            ("{\"a\":1,}", 6, "a comma stands before }: remove it"),
            ("[,1]", 1, "expected a value, found ,"),
            ("[1,,2]", 3, "expected a value, found ,"),
            ("[1 2]", 3, "expected a comma or ], found 2"),
            ("[1}", 2, "expected a comma or ], found }"),
            ("{\"a\":1]", 6, "expected a comma or }, found ]"),
            ("{\"a\" 1}", 5, "expected a colon after the name, found 1"),
            ("{a:1}", 1, "expected a name in double quotes, found a"),
            ("{1:1}", 1, "expected a name in double quotes, found 1"),
            ("{\"a\":1,b:2}", 7, "expected a name in double quotes, found b"),
            ("['a']", 1, "expected a value, found ' (strings take double quotes)"),
            ("[1] 2", 4, "the text should end here, but 2 follows"),
            ("{}}", 2, "the text should end here, but } follows"),
            ("nul", 0, "expected a value, found nul"),
            ("True", 0, "expected a value, found True"),
            ("truex", 4, "the text should end here, but x follows"),
            ("NaN", 0, "expected a value, found NaN"),
            ("+1", 0, "expected a value, found +"),
            (".5", 0, "expected a value, found ."),
            ("0x10", 1, "the text should end here, but x10 follows"),
            ("// c\n1", 0, "expected a value, found / (comments are not allowed here)"),
            ("\u{FEFF}1", 0, "a byte order mark (EF BB BF) stands before the text: remove it"),
            ("[\u{A0}1]", 1, "expected a value, found the byte 0xC2"),
            ("\u{0C}1", 0, "expected a value, found the byte 0x0C"),
        ])
    func invalid(text: String, offset: Int, message: String) {
        let refused = #expect(throws: SyntaxError.self) { try Value.parse(text) }
        #expect(refused?.message == message)
        #expect(refused?.offset == offset)
        #expect(throws: SyntaxError.self) { try Node.parse(Array(text.utf8)) }
    }

    @Test("members keep their order, numbers their digits")
    func verbatim() throws {
        let text = #"{"z":1.50,"a":1e400,"z":-0,"m":100000000000000000000001}"#
        #expect(try Value.parse(text).json() == text)
    }

    @Test("512 levels are read on a small stack and 513 refused; 10,000 and 1,000,000 do no harm")
    func depth() async throws {
        #expect(
            await onSmallStack {
                let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
                guard let value = try? Value.parse(text), let node = try? Node.parse(Array(text.utf8)) else {
                    return false
                }
                return value.json() == text && node.value == value
            })
        for (depth, opening) in [(513, "["), (10_000, "["), (1_000_000, "["), (10_000, "{\"a\":")] {
            let refused = #expect(throws: SyntaxError.self) {
                try Value.parse(String(repeating: opening, count: depth))
            }
            #expect(refused?.message == "nested deeper than 512 levels")
            #expect(refused?.offset == 512 * opening.utf8.count)
        }
    }
}

/// Runs on a thread with a stack of 512 KB.
func onSmallStack(_ body: @escaping @Sendable () -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: body()) }
        thread.stackSize = 512 << 10
        thread.start()
    }
}
