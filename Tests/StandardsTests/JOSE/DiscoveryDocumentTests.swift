import Testing

@testable import JOSE

@Suite("DiscoveryDocument") struct DiscoveryDocumentTests {
    private func document(_ json: String) throws -> DiscoveryDocument { try DiscoveryDocument(Array(json.utf8)) }

    @Test("issuer and jwks_uri are read, the rest is left alone")
    func reads() throws {
        let document = try document(#"{"issuer":"https://i/","jwks_uri":"https://i/keys","token_endpoint":7}"#)
        #expect(document.issuer == "https://i/")
        #expect(document.keySetURL == "https://i/keys")
    }

    @Test("what is missing or of another type has its reason")
    func malformed() {
        for (json, reason) in [
            (#"{"jwks_uri":"u"}"#, "the discovery document has no issuer"),
            (#"{"issuer":"","jwks_uri":"u"}"#, "the discovery document has no issuer"),
            (#"{"issuer":["i"],"jwks_uri":"u"}"#, "the discovery document has no issuer"),
            (#"{"issuer":"i"}"#, "the discovery document has no jwks_uri"),
            (#"{"issuer":"i","jwks_uri":null}"#, "the discovery document has no jwks_uri"),
            ("[]", "the discovery document has no issuer"),
        ] {
            #expect(throws: DiscoveryDocument.Malformed(description: reason)) { try document(json) }
        }
        #expect(throws: DiscoveryDocument.Malformed.self) { try document("<html>") }
        #expect(throws: DiscoveryDocument.Malformed.self) {
            try document(#"{"issuer":"a","issuer":"b","jwks_uri":"u"}"#)
        }
    }
}
