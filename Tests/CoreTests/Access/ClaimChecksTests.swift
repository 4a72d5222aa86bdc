import JOSE
import Library
import Testing
import Time

@testable import Access

@Suite("ClaimChecks") struct ClaimChecksTests {
    private func claims(_ json: String) throws -> Claims { try Claims(Array(json.utf8)) }

    private func why(_ json: String, _ configure: (inout JWTAuthorizer) -> Void) throws -> String? {
        var authorizer = JWTAuthorizer(discoveryUrl: "u")
        configure(&authorizer)
        return ClaimChecks.configured(try claims(json), authorizer)?.why
    }

    private func custom(
        _ type: CustomClaim.ValueType, _ operation: CustomClaim.Operator, _ match: CustomClaim.Match, _ claim: String
    ) throws -> Bool {
        try why("{\"team\":\(claim)}") {
            $0.customClaims = [CustomClaim(name: "team", valueType: type, operator: operation, match: match)]
        } == nil
    }

    @Test("nothing configured asks for nothing")
    func nothing() throws {
        #expect(try why("{}") { _ in } == nil)
    }

    @Test("allowedClients looks at client_id and at nothing else")
    func clients() throws {
        for json in [#"{"azp":"a"}"#, #"{"cid":"a"}"#, #"{"appid":"a"}"#, #"{"aud":"a"}"#, #"{"client_id":["a"]}"#] {
            #expect(try why(json) { $0.allowedClients = ["a"] } == "the token's client_id is missing, allowed: a")
        }
        #expect(try why(#"{"client_id":"a"}"#) { $0.allowedClients = ["b", "a"] } == nil)
        #expect(
            try why(#"{"client_id":"A"}"#) { $0.allowedClients = ["a"] } == "the token's client_id is 'A', allowed: a")
        #expect(try why(#"{"client_id":"a"}"#) { $0.allowedClients = [] } != nil)
    }

    @Test("allowedAudience is one of aud's strings")
    func audience() throws {
        #expect(try why(#"{"aud":["x","a"]}"#) { $0.allowedAudience = ["a"] } == nil)
        #expect(
            try why(#"{"aud":["x","y"]}"#) { $0.allowedAudience = ["a"] } == "the token's aud is 'x, y', allowed: a")
        #expect(try why("{}") { $0.allowedAudience = ["a"] } == "the token's aud is missing, allowed: a")
    }

    @Test(
        "one of allowedScopes is enough, in scope or in scp, as a string or a list",
        arguments: [
            #"{"scope":"x a"}"#, #"{"scope":"a"}"#, #"{"scp":["x","a"]}"#, #"{"scp":"x a"}"#,
            #"{"scope":"x","scp":["a"]}"#,
            #"{"scope":"shop/a b"}"#,
        ])
    func scopes(json: String) throws {
        #expect(try why(json) { $0.allowedScopes = ["a", "b"] } == nil)
    }

    @Test(
        "a scope is a word, not a part of one",
        arguments: [
            "{}", #"{"scope":"ab"}"#, #"{"scope":"A"}"#, #"{"scope":""}"#, #"{"scp":[["a"]]}"#, #"{"scope":7}"#,
            #"{"scope":"x\ta"}"#,
        ])
    func noScope(json: String) throws {
        #expect(try why(json) { $0.allowedScopes = ["a"] }?.hasPrefix("the token's scope") == true)
    }

    @Test("a STRING EQUALS")
    func strings() throws {
        #expect(try custom(.string, .equals, .string("red"), "\"red\""))
        #expect(try !custom(.string, .equals, .string("red"), "\"Red\""))
        #expect(try !custom(.string, .equals, .string("red"), "[\"red\"]"))
        #expect(try !custom(.string, .equals, .string("1"), "1"))
        #expect(try !custom(.string, .contains, .string("red"), "\"red\""))
        #expect(try !custom(.string, .equals, .list(["red", "blue"]), "\"red\""))
    }

    @Test("a STRING_ARRAY CONTAINS one, or CONTAINS_ANY of several")
    func arrays() throws {
        #expect(try custom(.stringArray, .contains, .string("red"), #"["blue","red"]"#))
        #expect(try !custom(.stringArray, .contains, .string("red"), #"["reddish"]"#))
        #expect(try !custom(.stringArray, .contains, .string("red"), "\"red\""))
        #expect(try custom(.stringArray, .containsAny, .list(["red", "blue"]), #"["blue"]"#))
        #expect(try !custom(.stringArray, .containsAny, .list(["red", "blue"]), #"["green"]"#))
        #expect(try !custom(.stringArray, .containsAny, .list([]), #"["green"]"#))
        #expect(try !custom(.stringArray, .contains, .list([]), #"["green"]"#))
        #expect(try !custom(.stringArray, .equals, .string("red"), #"["red"]"#))
        #expect(try !custom(.stringArray, .containsAny, .list(["red"]), "null"))
    }

    @Test("all that is configured has to hold, and the first that does not is named")
    func all() throws {
        let json = #"{"client_id":"c","aud":"a","scope":"s"}"#
        let configure: (inout JWTAuthorizer) -> Void = {
            ($0.allowedClients, $0.allowedAudience, $0.allowedScopes) = (["c"], ["a"], ["s"])
        }
        #expect(try why(json, configure) == nil)
        #expect(try why(#"{"client_id":"c","scope":"s"}"#, configure)?.contains("aud") == true)
        #expect(try why(#"{"client_id":"c","aud":"a"}"#, configure)?.contains("scope") == true)
        #expect(try why(#"{"aud":"a"}"#, configure)?.contains("client_id") == true)
    }

    @Test("no two times make the arithmetic overflow")
    func extremes() throws {
        for exp in ["-1e300", "1e300", "0", "1767225600"] {
            for now in [Int64.min, -1, 0, Int64.max] {
                let claims = try claims(#"{"exp":\#(exp),"nbf":1e300}"#)
                #expect(ClaimChecks.time(claims, dialect: .y2025, now: Instant(nanoseconds: now)) != nil)
            }
        }
    }

    @Test("how long ago, or how soon, is said in seconds")
    func words() throws {
        let now = Instant(seconds: 1_000)
        #expect(
            ClaimChecks.time(try claims(#"{"exp":990}"#), dialect: .y2025, now: now)?.why
                == "the token expired 10 s ago")
        #expect(
            ClaimChecks.time(try claims(#"{"exp":1045}"#), dialect: .y2025, now: now)?.why
                == "the token expires in 45 s, less than 60")
        #expect(ClaimChecks.time(try claims("{}"), dialect: .y2025, now: now)?.why == "the token has no exp")
    }
}
