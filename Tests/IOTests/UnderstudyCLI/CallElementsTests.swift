import Support
import Testing

@testable import UnderstudyCLI

@Suite("The calls of a list, one by one") struct CallElementsTests {
    private func read(_ text: String, _ cuts: [Range<Int>]) -> (elements: [String], isComplete: Bool) {
        var elements = CallElements()
        let bytes = Array(text.utf8)
        let found = cuts.flatMap { elements.feed(bytes[$0]) }
        return (found.map { String(decoding: $0, as: UTF8.self) }, elements.isComplete)
    }

    @Test(
        "wherever the bytes are cut",
        arguments: [
            (#"{"calls":[],"dropped":0}"#, []),
            (#"{"calls":[\#n{"a":1},\#n{"b":[{"c":"}]"}]}],"dropped":3}"#, [#"{"a":1}"#, #"{"b":[{"c":"}]"}]}"#]),
            (#" { "calls" : [ {} , { "é" : "\"]\\" } ] } "#, ["{}", #"{ "é" : "\"]\\" }"#]),
        ])
    func splitting(text: String, expected: [String]) {
        for cuts in Cuts.all(of: text.utf8.count) {
            #expect(read(text, cuts) == (expected, true))
        }
    }

    @Test("a list that breaks off is not complete")
    func cutShort() {
        let text = #"{"calls":[{"a":"]"}]}"#
        for count in 0..<text.utf8.count - 1 {
            #expect(!read(text, [0..<count]).isComplete)
        }
    }

    @Test("what is no list yields nothing or pieces, and never stops the program")
    func nonsense() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            var elements = CallElements()
            let alphabet = Array(#"{}[]",\:a"#.utf8)
            let bytes = (0..<40).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let found = elements.feed(bytes)
            #expect(
                found.allSatisfy { $0.first == UInt8(ascii: "{") }, "seed 7: \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
