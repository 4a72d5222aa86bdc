import Testing

@testable import HTTPWire

@Suite("CharacterClass") struct CharacterClassTests {
    static let alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    @Test(
        "each set holds exactly the characters of its grammar",
        arguments: [
            (CharacterClass.token, "!#$%&'*+-.^_`|~"),
            (CharacterClass.path, "-._~!$&'()*+,;=:@/"),
            (CharacterClass.query, "-._~!$&'()*+,;=:@/%?"),
            (CharacterClass.registeredName, "-._~!$&'()*+;=%"),
        ])
    func sets(set: CharacterClass, others: String) {
        let expected = Set((Self.alphanumerics + others).utf8)
        #expect(Set((UInt8.min...UInt8.max).filter(set.contains)) == expected)
    }

    @Test("a run ends at the first stranger, and at the end it is given")
    func run() {
        let bytes = Array("abc:def".utf8)
        #expect(CharacterClass.token.run(in: bytes.span, from: 0, to: 7) == 3)
        #expect(CharacterClass.token.run(in: bytes.span, from: 1, to: 2) == 1)
        #expect(CharacterClass.token.run(in: bytes.span, from: 3, to: 7) == 0)
        #expect(CharacterClass.token.run(in: bytes.span, from: 4, to: 7) == 3)
        #expect(CharacterClass.token.run(in: bytes.span, from: 7, to: 7) == 0)
    }
}
