import Bytes
import HTTPWire
import Library
import Runtime
import Support
import Testing
import Time

@testable import Access

/// Every row of the attack table as a caller would try it; `JWSTests`, `JWKTests` and the published vectors hold the
/// rows about signatures and keys (7, 8, 9, 10) in depth.
@Suite("Attacks on bearer tokens") struct JWTAttackTests {
    private let unparsable = "403 OAuth authorization failed: Failed to parse token"
    private let badSignature = "401 Token signature verification failed."
    private let noKey = "401 Token signing key not found."

    private func judge(_ header: String, claims: String = TokenWorld.claims()) -> String {
        TokenWorld.judge(TokenMaker.signed(claims, header: header)).summary
    }

    @Test("1: no algorithm by any spelling, and no signature")
    func none() {
        for name in ["none", "None", "nOnE", ""] {
            #expect(judge(#"{"alg":"\#(name)","kid":"rsa"}"#) == unparsable)
        }
        #expect(judge(#"{"kid":"rsa"}"#) == unparsable)
        let parts = TokenWorld.token().split(separator: ".")
        #expect(TokenWorld.judge("\(parts[0]).\(parts[1]).").summary == unparsable)
        let none = Base64.url.encode(Array(#"{"alg":"none"}"#.utf8))
        #expect(TokenWorld.judge("\(none).\(parts[1]).").summary == unparsable)
        #expect(TokenWorld.judge("\(none).\(parts[1]).\(parts[2])").summary == unparsable)
    }

    @Test("2: the public key as a shared secret")
    func confusion() {
        for secret in [TokenFixtures.bytes("keys.json"), Array(TokenFixtures.key("rsa").n!.utf8), []] {
            for name in ["HS256", "HS384", "HS512"] {
                let token = TokenMaker.authenticated(
                    TokenWorld.claims(), header: #"{"alg":"\#(name)","kid":"rsa"}"#, secret: secret)
                #expect(TokenWorld.judge(token).summary == unparsable)
            }
        }
    }

    @Test("3: a kid of any kind is only a name; one that is not there is searched for once a minute")
    func keyIDs() {
        #expect(judge(#"{"alg":"RS256","kid":["rsa"]}"#) == unparsable)
        #expect(judge(#"{"alg":"RS256","kid":7}"#) == unparsable)
        var scheme = TokenWorld.scheme
        var fetches = 0
        for (number, id) in ["../../dev/null", "' OR 1=1", "$(id)", "a\\u0000b", String(repeating: "k", count: 9_000)]
            .enumerated()
        {
            let token = TokenMaker.signed(TokenWorld.claims(), header: #"{"alg":"RS256","kid":"\#(id)"}"#)
            func judge() -> GateDecision {
                scheme.judge(
                    TokenWorld.request("Bearer \(token)"), authorizer: TokenWorld.authorizer, dialect: .y2025,
                    now: Instant(seconds: TokenWorld.now.seconds + Int64(number)))
            }
            var verdict = judge()
            if case .needs(let url) = verdict {
                fetches += 1
                scheme.keys.learn(url: url, content: TokenWorld.keySet, now: TokenWorld.now)
                verdict = judge()
            }
            #expect(verdict.summary == noKey)
            #expect((verdict.denial?.why.utf8.count ?? 0) < 200)
        }
        #expect(fetches == 1)
    }

    @Test("4: keys and addresses of keys in the header are ignored")
    func embedded() {
        let jwk = #"{"kty":"RSA","n":"\#(TokenFixtures.key("rsa").n!)","e":"AQAB","kid":"mine"}"#
        let header =
            #"{"alg":"RS256","kid":"mine","jwk":\#(jwk),"jku":"http://127.0.0.1:6/k","x5u":"http://127.0.0.1:6/x","x5c":["MII"]}"#
        var scheme = TokenWorld.scheme
        let request = TokenWorld.request("Bearer \(TokenMaker.signed(TokenWorld.claims(), header: header))")
        func judge() -> GateDecision {
            scheme.judge(request, authorizer: TokenWorld.authorizer, dialect: .y2025, now: TokenWorld.now)
        }
        #expect(judge() == .needs(url: TokenWorld.keySetURL))
        scheme.keys.fail(url: TokenWorld.keySetURL, reason: "refused", now: TokenWorld.now)
        #expect(judge().summary == noKey)
    }

    @Test(
        "5: crit and b64, whatever they hold",
        arguments: [
            #""crit":["x"]"#, #""crit":[]"#, #""crit":["b64","b64"],"b64":false"#, #""b64":false"#, #""crit":"exp""#,
        ])
    func critical(members: String) {
        #expect(judge(#"{"alg":"RS256","kid":"rsa",\#(members)}"#) == unparsable)
    }

    @Test("6: encrypted tokens, JSON forms, missing and extra parts, whitespace, padding, the other alphabet")
    func shapes() {
        let token = TokenWorld.token()
        let parts = token.split(separator: ".").map(String.init)
        for other in [
            "\(token).a.b", "\(parts[0]).\(parts[1])", ".\(token)", "\(token).", "\(parts[0])..\(parts[1]).\(parts[2])",
            "{\"payload\":\"\(parts[1])\",\"signature\":\"\(parts[2])\"}", "\(token)=", "\(token) ", "\(token)\t",
            "\(parts[0])=.\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1])+/.\(parts[2])", "undefined", "null",
            "a.b.c",
            "not.a.token", "\(token),\(token)",
        ] {
            #expect(TokenWorld.judge(other).summary == unparsable, "\(other.suffix(20))")
        }
    }

    @Test(
        "7, 8, 9: signatures of another shape or algorithm, over the same key id",
        arguments: [
            "ES256", "ES384", "ES512", "PS256", "RS384", "EdDSA",
        ])
    func primitives(name: String) {
        #expect(judge(#"{"alg":"\#(name)","kid":"rsa"}"#) == badSignature)
    }

    @Test("10: a key for encryption does not vouch")
    func purpose() {
        var scheme = TokenWorld.scheme
        let key = TokenFixtures.key("rsa")
        for extra in [#""use":"enc""#, #""key_ops":["encrypt"]"#, #""alg":"RS512""#, #""alg":"RSA-OAEP""#] {
            let set = #"{"keys":[{"kty":"RSA","n":"\#(key.n!)","e":"AQAB","kid":"rsa",\#(extra)},\#(Self.spare)]}"#
            scheme.keys.learn(url: TokenWorld.keySetURL, content: Array(set.utf8), now: TokenWorld.now)
            var verdict = GateDecision.needs(url: "")
            for _ in 0..<2 {
                verdict = scheme.judge(
                    TokenWorld.request("Bearer \(TokenWorld.token())"), authorizer: TokenWorld.authorizer,
                    dialect: .y2025, now: TokenWorld.now)
                guard case .needs(let url) = verdict else { break }
                scheme.keys.learn(url: url, content: Array(set.utf8), now: TokenWorld.now)
            }
            #expect(verdict.denial?.status == 401, "\(extra)")
        }
    }

    private static let spare: String = {
        let key = TokenFixtures.key("p256")
        return #"{"kty":"EC","crv":"P-256","x":"\#(key.x!)","y":"\#(key.y!)","kid":"p256"}"#
    }()

    @Test("11: duplicate members, deep nesting, a huge header, bytes that are no UTF-8, lone surrogates, a BOM")
    func json() {
        #expect(judge(#"{"alg":"none","alg":"RS256","kid":"rsa"}"#) == unparsable)
        #expect(judge(#"{"alg":"RS256","kid":"rsa","a":\#(String(repeating: "[", count: 10_000))}"#) == unparsable)
        #expect(judge(#"{"alg":"RS256","kid":"rsa","a":"\#(String(repeating: "x", count: 1_000_000))"}"#) == unparsable)
        #expect(judge("\u{FEFF}{\"alg\":\"RS256\",\"kid\":\"rsa\"}") == unparsable)
        #expect(judge(#"{"alg":"RS256","kid":"rsa","a":"\ud800"}"#) == unparsable)
        let good = #"{"alg":"RS256","kid":"rsa"}"#
        for claims in [
            #"{"exp":1,"exp":99999999999}"#, #"{"a":\#(String(repeating: "[", count: 10_000))}"#, "\u{FEFF}{}", "[]",
            "null", "",
        ] {
            #expect(judge(good, claims: claims) == unparsable, "\(claims.prefix(30))")
        }
        let bytes = Array(#"{"sub":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        #expect(TokenWorld.judge(TokenMaker.signed(bytes, header: Array(good.utf8))).summary == unparsable)
    }

    @Test("12: times are finite numbers, whole or broken, and exp is one of them")
    func times() {
        let soon = TokenWorld.now.seconds
        for value in ["\"\(soon + 3_600)\"", "null", "true", "1e400", "[\(soon)]"] {
            #expect(TokenWorld.judge(TokenWorld.token(["exp": value])).summary == unparsable)
            #expect(TokenWorld.judge(TokenWorld.token(["nbf": value])).summary == unparsable)
            #expect(TokenWorld.judge(TokenWorld.token(["iat": value])).summary == unparsable)
        }
        for value in ["\(soon + 3_600).5", "4.1e9", "9223372036854775807", "9223372036854775808", "1e300"] {
            #expect(TokenWorld.judge(TokenWorld.token(["exp": value])).isAllowed, "\(value)")
        }
        for value in ["-1", "0", "-9223372036854775808", "-1e300", "\(soon + 59).9"] {
            #expect(TokenWorld.judge(TokenWorld.token(["exp": value])).denial?.status == 403, "\(value)")
        }
        #expect(TokenWorld.judge(TokenWorld.token(["nbf": "\(soon + 60)"])).isAllowed)
        #expect(TokenWorld.judge(TokenWorld.token(["nbf": "\(soon + 61)"])).summary == "401 Token is not yet valid.")
        #expect(TokenWorld.judge(TokenWorld.token(["nbf": "1e300"])).summary == "401 Token is not yet valid.")
        #expect(TokenWorld.judge(TokenWorld.token(["iat": "\(soon + 9_000)"])).isAllowed)
    }

    @Test("13: issuer and audience are compared byte by byte")
    func exact() {
        for issuer in [
            "\(TokenWorld.issuer)/", TokenWorld.issuer.uppercased(), "https://127.0.0.1:9999/pool",
            "http://127.0.0.1:9999/po",
            "http://127.0.0.1:9999/pool\u{200B}", "",
        ] {
            #expect(
                TokenWorld.judge(TokenWorld.token(["iss": "\"\(issuer)\""])).summary
                    == "401 Claim 'iss' value mismatch with configuration.", "\(issuer)")
        }
        #expect(TokenWorld.judge(TokenWorld.token(["iss": "-"])).denial?.message.contains("'iss'") == true)
        var authorizer = JWTAuthorizer(discoveryUrl: TokenWorld.discoveryURL)
        authorizer.allowedAudience = ["Kiosk"]
        for audience in [#""kiosk""#, #""Kiosk2""#, #""Kios""#, #""\u212Aiosk""#, "[]", #"["a","kiosk"]"#, #""""#] {
            #expect(
                TokenWorld.judge(TokenWorld.token(["aud": audience]), authorizer).summary
                    == "401 Claim 'aud' value mismatch with configuration.", "\(audience)")
        }
        for audience in [#""Kiosk""#, #"["a","Kiosk"]"#] {
            #expect(TokenWorld.judge(TokenWorld.token(["aud": audience]), authorizer).isAllowed)
        }
        #expect(TokenWorld.judge(TokenWorld.token(["aud": #"[["Kiosk"]]"#]), authorizer).summary == unparsable)
    }

    @Test("14: an ID token is none for a client, an access token none for an audience; at+jwt is as good as no typ")
    func types() {
        let identity: KeyValuePairs = ["client_id": "-", "aud": "\"app\"", "token_use": "\"id\""]
        #expect(TokenWorld.judge(TokenWorld.token(identity)).denial?.message.contains("'client_id'") == true)
        var authorizer = JWTAuthorizer(discoveryUrl: TokenWorld.discoveryURL)
        authorizer.allowedAudience = ["app"]
        #expect(TokenWorld.judge(TokenWorld.token(identity), authorizer).isAllowed)
        #expect(TokenWorld.judge(TokenWorld.token(), authorizer).denial?.message.contains("'aud'") == true)
        #expect(judge(#"{"alg":"RS256","kid":"rsa","typ":"at+jwt"}"#) == "allowed anna")
        #expect(judge(#"{"alg":"RS256","kid":"rsa","cty":"JWT"}"#, claims: "\"\(TokenWorld.token())\"") == unparsable)
    }

    @Test("15: nothing is inflated")
    func compressed() {
        #expect(judge(#"{"alg":"RS256","kid":"rsa","zip":"DEF"}"#) == unparsable)
    }

    @Test("16: a remembered token is compared as a whole: its last bytes alone open nothing")
    func comparison() {
        var scheme = TokenWorld.scheme
        let token = TokenWorld.token()
        func judge(_ token: String) -> GateDecision {
            scheme.judge(
                TokenWorld.request("Bearer \(token)"), authorizer: TokenWorld.authorizer, dialect: .y2025,
                now: TokenWorld.now)
        }
        #expect(judge(token).isAllowed)
        let other = TokenMaker.signed(TokenWorld.claims(["sub": "\"root\""]))
        let parts = other.split(separator: ".")
        #expect(judge("\(parts[0]).\(parts[1]).\(token.split(separator: ".")[2])").summary == badSignature)
    }

    @Test("17: an issuer that lies, is down, or sends rubbish")
    func issuers() {
        func judge(_ discovery: String, _ keys: String?) -> String {
            var scheme = JWTScheme()
            _ = scheme.keys.lookup(TokenWorld.discoveryURL, Issuer(), now: TokenWorld.now)
            scheme.keys.learn(url: TokenWorld.discoveryURL, content: Array(discovery.utf8), now: TokenWorld.now)
            if let keys { scheme.keys.learn(url: TokenWorld.keySetURL, content: Array(keys.utf8), now: TokenWorld.now) }
            return scheme.judge(
                TokenWorld.request("Bearer \(TokenWorld.token())"), authorizer: TokenWorld.authorizer, dialect: .y2025,
                now: TokenWorld.now
            ).summary
        }
        let good = String(decoding: TokenWorld.discovery, as: UTF8.self)
        let keys = String(decoding: TokenWorld.keySet, as: UTF8.self)
        let unavailable = "401 Unable to retrieve the signing keys of the token issuer."
        #expect(judge(good, keys) == "allowed anna")
        #expect(
            judge(good.replacing("pool\",", with: "other\","), keys)
                == "401 Claim 'iss' value mismatch with configuration.")
        #expect(judge("<html>login</html>", keys) == unavailable)
        #expect(judge(good, "<html>") == unavailable)
        #expect(judge(good, #"{"keys":[]}"#) == unavailable)
        #expect(judge(good, #"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQ"}]}"#) == unavailable)
        #expect(judge(good.replacing("127.0.0.1:9999/pool/keys", with: "keys.example/k"), nil) == unavailable)
        #expect(
            judge(good.replacing("http://127.0.0.1:9999/pool/keys", with: "https://127.0.0.1/k"), nil) == unavailable)
        #expect(judge(good.replacing(TokenWorld.keySetURL, with: TokenWorld.discoveryURL), nil) == unavailable)
        #expect(judge(good, keys + String(repeating: " ", count: 1_100_000)) == unavailable)
    }

    @Test("18: tricks with the header")
    func header() {
        let token = TokenWorld.token()
        func judge(_ authorization: String...) -> String {
            var scheme = TokenWorld.scheme
            let fields = authorization.map { ("Authorization", $0) }
            return scheme.judge(
                .made("POST", "/?access_token=\(token)", fields), authorizer: TokenWorld.authorizer, dialect: .y2025,
                now: TokenWorld.now
            ).summary
        }
        #expect(judge("bEARER \(token)") == "allowed anna")
        #expect(judge() == "401 Missing Authentication Token")
        #expect(judge("Bearer \(token)", "Bearer \(token)") == unparsable)
        #expect(judge("Bearer  \(token)") == unparsable)
        #expect(judge("Bearer\t\(token)") == unparsable)
        #expect(judge("Bearer \(token), Bearer \(token)") == unparsable)
        #expect(judge("Bearer \(String(repeating: "a.", count: 40_000))") == unparsable)
        #expect(judge("Bearer token=\"\(token)\"") == unparsable)
    }
}
