import Testing

@testable import JOSE

@Suite("Claims") struct ClaimsTests {
    private func claims(_ json: String) throws -> Claims { try Claims(Array(json.utf8)) }

    private func reason(_ json: String) -> String? {
        do {
            _ = try claims(json)
            return nil
        } catch { return "\(error)" }
    }

    @Test("the registered claims are read and all are kept")
    func reads() throws {
        let claims = try claims(
            #"{"iss":"https://i","sub":"anna","aud":["a","b"],"exp":20.5,"nbf":10,"iat":5,"client_id":"app"}"#)
        #expect(claims.issuer == "https://i")
        #expect(claims.subject == "anna")
        #expect(claims.audience == ["a", "b"])
        #expect(claims.expires?.nanoseconds == 20_500_000_000)
        #expect(claims.notBefore?.nanoseconds == 10_000_000_000)
        #expect(claims.issuedAt?.nanoseconds == 5_000_000_000)
        #expect(claims["client_id"]?.text == "app")
        #expect(try self.claims("{}").audience.isEmpty)
    }

    @Test("aud is a string or a list of strings")
    func audience() throws {
        #expect(try claims(#"{"aud":"a"}"#).audience == ["a"])
        #expect(try claims(#"{"aud":[]}"#).audience == [])
        #expect(reason(#"{"aud":[["a"]]}"#)?.contains("aud holds what is not a string") == true)
        #expect(reason(#"{"aud":["a",1]}"#)?.contains("aud holds what is not a string") == true)
        #expect(reason(#"{"aud":{"a":1}}"#)?.contains("aud is an object") == true)
        #expect(reason(#"{"aud":null}"#)?.contains("aud is null") == true)
    }

    @Test("a time that is no number is refused", arguments: ["exp", "nbf", "iat"])
    func times(name: String) {
        for value in ["\"1767225600\"", "null", "true", "1e400", "[1]", "{}", "\"NaN\""] {
            #expect(reason(#"{"\#(name)":\#(value)}"#)?.contains("claim \(name) is no time") == true)
        }
        for value in ["NaN", "Infinity", "0x10", "01", "1."] {
            #expect(reason(#"{"\#(name)":\#(value)}"#)?.contains("not JSON") == true)
        }
    }

    @Test("iss and sub are strings")
    func texts() {
        #expect(reason(#"{"iss":1}"#)?.contains("iss is a number") == true)
        #expect(reason(#"{"sub":["anna"]}"#)?.contains("sub is an array") == true)
    }

    @Test("a claim twice, deep nesting, bad UTF-8, and what is no object are refused")
    func malformed() {
        for json in [
            #"{"exp":1,"exp":2}"#, #"{"a":\#(String(repeating: "[", count: 10_000))"#, "[]", "null", "", "\"{}\"",
            "\u{FEFF}{}", #"{"sub":"\udfff"}"#, "{} ,",
        ] {
            #expect(reason(json) != nil, "\(json.prefix(40))")
        }
        #expect(throws: TokenRefusal.self) { try Claims([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D]) }
    }
}
