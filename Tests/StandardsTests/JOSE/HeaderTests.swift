import Testing

@testable import JOSE

@Suite("Header") struct HeaderTests {
    private func refusal(_ json: String) -> TokenRefusal? {
        do {
            _ = try Header(Array(json.utf8))
            return nil
        } catch { return error }
    }

    @Test("alg, kid and typ are read; where to find keys is not")
    func reads() throws {
        let header = try Header(
            Array(
                #"""
                {"alg":"RS256","kid":"k","typ":"at+jwt","jku":"http://127.0.0.1:1/keys","x5u":7,"jwk":{"kty":"oct"},
                 "x5c":["MII"]}
                """#.utf8))
        #expect(header.algorithm == .rs256)
        #expect(header.keyID == "k")
        #expect(header.type == "at+jwt")
    }

    @Test("no alg, an alg that is no string, none and an unknown alg are refused")
    func algorithms() {
        #expect(refusal(#"{}"#) == .malformed("its header has no alg"))
        #expect(refusal(#"{"alg":null}"#) == .malformed("its header's alg is null"))
        #expect(refusal(#"{"alg":["RS256"]}"#) == .malformed("its header's alg is an array"))
        for name in ["none", "None", "nOnE", "", "RS255", "A128KW"] {
            #expect(refusal(#"{"alg":"\#(name)"}"#) == .algorithm("'\(name)'"))
        }
    }

    @Test(
        "any crit and any b64 is refused, whatever it holds",
        arguments: [
            #""crit":["exp"]"#, #""crit":[]"#, #""crit":["b64","b64"]"#, #""crit":"b64""#, #""crit":null"#,
            #""b64":false"#, #""b64":true"#, #""b64":false,"crit":["b64"]"#,
        ])
    func critical(members: String) {
        #expect(refusal(#"{"alg":"RS256",\#(members)}"#) == .critical)
    }

    @Test("a compressed payload is not inflated but refused")
    func zip() {
        #expect(
            refusal(#"{"alg":"RS256","zip":"DEF"}"#)
                == .malformed("its header has zip, which signed tokens do not have"))
    }

    @Test("a kid that is no string is refused", arguments: ["1", "[\"a\"]", "null", "{}", "true"])
    func keyID(kid: String) throws {
        let refused = try #require(self.refusal(#"{"alg":"RS256","kid":\#(kid)}"#))
        #expect("\(refused)".contains("kid is"))
    }

    @Test("a member twice, nesting, bytes that are no UTF-8, a byte order mark and noise are refused")
    func notJSON() {
        let deep = String(repeating: "[", count: 10_000)
        for json in [
            #"{"alg":"none","alg":"RS256"}"#, #"{"alg":"RS256","\u0061lg":"none"}"#, #"{"alg":"RS256","x":\#(deep)"#,
            "\u{FEFF}{\"alg\":\"RS256\"}", #"{"alg":"RS256"} {}"#, "", "null", "[]", #""RS256""#,
            #"{"alg":"RS256","kid":"\ud800"}"#, #"{"alg":"RS256",}"#,
        ] {
            guard case .malformed = refusal(json) else {
                Issue.record("accepted: \(json.prefix(60))")
                continue
            }
        }
        #expect(throws: TokenRefusal.self) { try Header(Array(#"{"alg":"RS256","kid":""#.utf8) + [0xFF, 0x22, 0x7D]) }
    }
}
