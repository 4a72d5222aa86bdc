import JOSE
import Testing

@Suite("ExactText") struct ExactTextTests {
    @Test("texts that Swift takes for one are two here")
    func canonicalEquivalence() {
        #expect("\u{212A}ey" == "Key")
        #expect(!ExactText.equal("\u{212A}ey", "Key"))
        #expect(!ExactText.equal("\u{E9}", "e\u{301}"))
        #expect(ExactText.equal("Key", "Key"))
        #expect(!["\u{212A}ey"].containsExactly("Key"))
        #expect(["a", "Key"].containsExactly("Key"))
    }
}
