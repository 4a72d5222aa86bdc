import SplitMix
import Testing

@testable import Faults

@Suite("Spoiling") struct SpoilingTests {
    private func broken(_ text: String) -> String? {
        JSONBreaking.broken(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("a closing byte goes; a bare value gets a comma")
    func json() {
        #expect(broken(#"{"a": [1, 2]}"#) == #"{"a": [1, 2]"#)
        #expect(broken("12\n") == "12,\n")
        #expect(broken("data: {\"a\": 1}\n\n") == "data: {\"a\": 1\n\n")
        #expect(broken("event: x\nid: 1\ndata:\"a\"\n\n") == "event: x\nid: 1\ndata:\"a\n\n")
    }

    @Test(
        "what is no JSON is left alone",
        arguments: ["", "\n\n", "hello", "data: hello\n\n", ": comment\n\n", "data:\n\n"])
    func noJSON(text: String) {
        #expect(broken(text) == nil)
    }

    @Test("garbage has the length of what it replaces")
    func garbage() {
        var chance = Chance(seed: 1)
        for count in 1...20 {
            #expect(Garbage.bytes(insteadOf: Array(repeating: 0, count: count), &chance)?.count == count)
        }
        #expect(Garbage.bytes(insteadOf: [], &chance) == nil)
    }

    @Test("the first place inside a character")
    func split() {
        #expect(UTF8Split.place(in: Array("aé".utf8)) == 2)
        #expect(UTF8Split.place(in: Array("abc".utf8)) == nil)
        #expect(UTF8Split.place(in: []) == nil)
        #expect(UTF8Split.place(in: [0x80]) == nil)
    }
}
