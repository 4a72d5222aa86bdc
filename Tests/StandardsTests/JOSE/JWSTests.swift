import Bytes
import JSON
import Support
import Testing

@testable import JOSE

@Suite("JWS") struct JWSTests {
    private let keys = try! JWKSet(TokenFixtures.bytes("keys.json"))

    private func refusal(_ token: String, allowed: Set<Algorithm> = Algorithm.withPublicKeys) -> TokenRefusal? {
        do {
            _ = try JWS.verify(Array(token.utf8), keys: keys, allowed: allowed)
            return nil
        } catch { return error }
    }

    @Test("a token of every algorithm by another implementation is believed", arguments: TokenFixtures.tokens)
    func believed(token: TokenFixtures.Token) throws {
        let believed = try JWS.verify(Array(token.token.utf8), keys: keys)
        #expect(try Claims(believed.payload).subject == "anna")
        #expect(believed.header.keyID == token.kid)
    }

    @Test("the caller's list decides, not the token", arguments: TokenFixtures.tokens)
    func allowed(token: TokenFixtures.Token) {
        #expect(refusal(token.token, allowed: [.hs256]) == .algorithm(token.alg))
        #expect(refusal(token.token, allowed: []) == .algorithm(token.alg))
    }

    @Test("a token is three parts of base64url and nothing beside them")
    func shape() throws {
        let token = TokenFixtures.token("RS256").token
        let parts = token.split(separator: ".").map(String.init)
        for broken in [
            "", ".", "..", "...", "undefined", "not.a.token", "\(parts[0]).\(parts[1])", "\(token).", "\(token).x",
            ".\(token)", "\(token).\(parts[0]).\(parts[1])", "\(token)\n", " \(token)", "\(token)=", "\(token) ",
            "\(parts[0]). \(parts[1]).\(parts[2])", "\(parts[0])=.\(parts[1]).\(parts[2])",
            "\(parts[0])..\(parts[2])x", ".\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).",
            "{\"payload\":\"\(parts[1])\"}", "\(parts[0]).\(parts[1]).\(parts[2].replacing("_", with: "/"))+/",
            String(repeating: ".", count: 60_000), String(repeating: "A", count: 70_000),
        ] {
            guard case .malformed = refusal(broken) else {
                Issue.record("not malformed: \(broken.prefix(40)), \(String(describing: refusal(broken)))")
                continue
            }
        }
    }

    @Test("standard base64 and unused bits that are not zero are refused")
    func strictBase64() {
        let token = TokenMaker.signed(#"{"a":"???>>>"}"#)
        #expect(refusal(token) == nil)
        #expect(refusal(token.replacing("-", with: "+").replacing("_", with: "/")) != nil)
        // 256 octets leave four bits unused in the last letter: "A" is all zero, "B" is not.
        let last = token.last!
        let next = Character(UnicodeScalar(last.asciiValue! + 1))
        #expect(refusal(String(token.dropLast()) + String(next)) == .malformed("a part of it is not base64url"))
    }

    @Test("a token of more than 64 KB is refused before it is read")
    func size() {
        #expect(
            refusal(TokenMaker.signed(#"{"pad":"\#(String(repeating: "x", count: 60_000))"}"#))
                == .malformed("it has more than 65536 bytes"))
        #expect(refusal(TokenMaker.signed(#"{"pad":"\#(String(repeating: "x", count: 40_000))"}"#)) == nil)
        #expect(refusal(TokenMaker.signed(#"{"pad":"\#(String(repeating: "x", count: 1_000_000))"}"#)) != nil)
    }

    @Test("a stripped or foreign signature, a changed payload and a changed header are refused")
    func tampered() {
        let parts = TokenMaker.signed(#"{"sub":"anna"}"#).split(separator: ".").map(String.init)
        let other = TokenMaker.signed(#"{"sub":"root"}"#).split(separator: ".").map(String.init)
        #expect(refusal("\(parts[0]).\(other[1]).\(parts[2])") == .signature)
        #expect(refusal("\(parts[0]).\(parts[1]).\(other[2])") == .signature)
        #expect(refusal("\(parts[0]).\(parts[1]).AAAA") == .signature)
        #expect(
            refusal("\(Base64.url.encode(Array(#"{"alg":"none"}"#.utf8))).\(parts[1]).")
                == .malformed("it is not signed"))
        let padded = Base64.url.encode(Array(#"{"alg":"RS256","kid":"rsa" }"#.utf8))
        #expect(refusal("\(padded).\(parts[1]).\(parts[2])") == .signature)
    }

    @Test("the public key is never taken for a secret, however it is written")
    func confusion() throws {
        let key = TokenFixtures.key("rsa")
        let pem = Array("-----BEGIN PUBLIC KEY-----\n\(key.n!)\n-----END PUBLIC KEY-----".utf8)
        let secrets: [[UInt8]] = [
            pem, pem + [0x0A], Base64.url.decode(Array(key.n!.utf8))!, Array(key.n!.utf8),
            TokenFixtures.bytes("keys.json"), [],
        ]
        for secret in secrets {
            let token = TokenMaker.authenticated(
                #"{"sub":"root"}"#, header: #"{"alg":"HS256","kid":"rsa"}"#, secret: secret)
            #expect(refusal(token) == .algorithm("HS256"))
            // Even where HS256 is allowed, the key is not for it.
            #expect(refusal(token, allowed: Set(Algorithm.allCases)) == .keyDoesNotFit("HS256"))
        }
    }

    @Test("a key in the header vouches for nothing")
    func embedded() {
        let key = TokenFixtures.key("rsa")
        let jwk = #"{"kty":"RSA","n":"\#(key.n!)","e":"AQAB","kid":"mine"}"#
        let token = TokenMaker.signed("{}", header: #"{"alg":"RS256","kid":"mine","jwk":\#(jwk)}"#)
        #expect(refusal(token) == .unknownKey(id: "'mine'"))
        #expect(refusal(TokenMaker.signed("{}", header: #"{"alg":"RS256","jwk":\#(jwk)}"#)) == nil)
    }

    @Test("PSS is not PKCS #1, and ES256 is not ES384, although the key's id is right")
    func wrongPrimitive() {
        #expect(refusal(TokenMaker.signed("{}", header: #"{"alg":"PS256","kid":"rsa"}"#)) == .signature)
        #expect(refusal(TokenMaker.signed("{}", header: #"{"alg":"RS512","kid":"rsa"}"#)) == .signature)
        #expect(refusal(TokenMaker.signed("{}", header: #"{"alg":"ES256","kid":"rsa"}"#)) == .keyDoesNotFit("ES256"))
        #expect(refusal(TokenMaker.signed("{}", header: #"{"alg":"ES384","kid":"p256"}"#)) == .keyDoesNotFit("ES384"))
    }

    @Test("Ed448 is refused where only Ed25519 is allowed, by either name")
    func edwards() throws {
        let token = try #require(TokenFixtures.tokens.first { $0.kid == "ed448" })
        #expect(refusal(token.token, allowed: [.ed25519]) == .algorithm("EdDSA"))
        #expect(refusal(token.token, allowed: [.edDSA]) == nil)
    }

    @Test("a token that is cut anywhere, or has any byte changed, is refused and crashes nothing")
    func everywhere() {
        let token = Array(TokenFixtures.token("ES256").token.utf8)
        for place in token.indices {
            #expect(refusal(String(decoding: token[..<place], as: UTF8.self)) != nil)
            var changed = token
            changed[place] = changed[place] == 0x41 ? 0x42 : 0x41
            #expect(refusal(String(decoding: changed, as: UTF8.self)) != nil)
        }
    }
}
