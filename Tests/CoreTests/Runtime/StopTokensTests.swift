import Runtime
import Testing

@Suite("Stop tokens") struct StopTokensTests {
    @Test("the last so many tokens are known, and no more than twice as many are kept")
    func bounded() {
        var tokens = StopTokens()
        let key = Sessions.Key(agent: "a", id: "s")
        #expect(tokens.key(of: "0") == nil)
        for number in 0...StopTokens.most { tokens.remember(String(number), of: key) }
        #expect(tokens.key(of: "0") == key && tokens.key(of: String(StopTokens.most)) == key)
        for number in 1...StopTokens.most { tokens.remember("later \(number)", of: key) }
        #expect(tokens.key(of: "0") == nil && tokens.key(of: "later 1") == key)
    }
}
