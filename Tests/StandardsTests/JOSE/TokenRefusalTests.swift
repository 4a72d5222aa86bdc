import JOSE
import Testing

@Suite("TokenRefusal") struct TokenRefusalTests {
    @Test("what the sender wrote appears short and without control characters")
    func shown() {
        #expect(TokenRefusal.shown("../../etc/passwd\0\u{1B}[2J") == "'../../etc/passwd??[2J'")
        #expect(TokenRefusal.shown(String(repeating: "x", count: 100_000)).utf8.count == 66)
        #expect(TokenRefusal.shown("") == "''")
    }

    @Test("every refusal says what is wrong")
    func descriptions() {
        #expect("\(TokenRefusal.unknownKey(id: "'k'"))" == "no usable key in the key set has the token's kid 'k'")
        #expect("\(TokenRefusal.unknownKey(id: nil))".contains("not exactly one key"))
        #expect("\(TokenRefusal.algorithm("'none'"))".contains("'none', which is not allowed"))
        #expect("\(TokenRefusal.keyDoesNotFit("ES256"))".contains("not for ES256"))
        #expect("\(TokenRefusal.critical)".contains("crit"))
        #expect("\(TokenRefusal.signature)".contains("signature"))
        #expect("\(TokenRefusal.malformed("it is short"))".contains("it is short"))
    }
}
