import JOSE
import Support
import Testing
import Time

@testable import Access

@Suite("IssuerRefreshToken") struct IssuerRefreshTokenTests {
    private let token = IssuerRefreshToken(
        username: "anna", clientId: "app", origin: "o", authenticatedAt: Instant(seconds: 1_000))

    @Test("it comes back as it was, from nothing but its text")
    func roundTrip() {
        #expect(IssuerRefreshToken(token.text) == token)
        #expect(token.expires == Instant(seconds: 1_000 + 30 * 86_400))
    }

    @Test("any letter changed, cut or added, and it is nobody's")
    func forged() {
        let text = token.text
        for place in text.indices {
            var changed = text
            changed.replaceSubrange(place...place, with: text[place] == "A" ? "B" : "A")
            #expect(IssuerRefreshToken(changed) == nil)
            #expect(IssuerRefreshToken(String(text[..<place])) == nil)
        }
        for other in ["", ".", "..", text + ".", text + "A", "a.b", String(repeating: "a", count: 100_000) + ".AAAA"] {
            #expect(IssuerRefreshToken(other) == nil)
        }
    }

    @Test("it is no JWT")
    func noToken() {
        #expect(throws: TokenRefusal.self) { try JWS(compact: Array(token.text.utf8)) }
        #expect(!token.text.contains("anna"))
    }
}
