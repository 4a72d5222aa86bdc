import JSON
import Testing

@testable import Library

@Suite("JWT authorizers in files") struct AuthorizerReaderTests {
    static let url = #""discoveryUrl": "http://127.0.0.1:8787/us-east-1_Understudy/.well-known/openid-configuration""#

    private func text(_ authorizer: String) -> String {
        #""agents": [{"arn": "*", "auth": {"jwt": {\#(authorizer)}}}]"#
    }

    @Test(
        "the control plane's own limits hold",
        arguments: [
            (
                Self.url, "",
                "an authorizer needs at least one of allowedAudience, allowedClients, allowedScopes, customClaims"
            ),
            (#""allowedClients": ["c"]"#, "", #""discoveryUrl" is missing"#),
            (
                #""discoveryUrl": "http://h/openid-configuration", "allowedClients": ["c"]"#, ".discoveryUrl",
                #""http://h/openid-configuration" is not"#
            ),
            (
                #""discoveryUrl": "ftp://h/.well-known/openid-configuration", "allowedClients": ["c"]"#,
                ".discoveryUrl", #""ftp:"#
            ),
            (
                #""discoveryUrl": "http://h/.well-known/openid-configuration?x", "allowedClients": ["c"]"#,
                ".discoveryUrl", #""http:"#
            ),
            (url + #", "allowedClients": []"#, ".allowedClients", "the list is empty"),
            (url + #", "allowedAudience": "a""#, ".allowedAudience", "expected a list of strings, found a string"),
            (url + #", "allowedScopes": ["a b"]"#, ".allowedScopes[0]", #""a b" cannot be a scope"#),
            (url + #", "allowedScopes": ["a\\b"]"#, ".allowedScopes[0]", #""a\\b" cannot be a scope"#),
            (
                url + #", "allowedClients": ["c"], "advertisedScopeMapping": {"a": 1}"#, ".advertisedScopeMapping.a",
                "expected a string"
            ),
            (
                url + #", "allowedClients": ["c"], "advertisedScopeMapping": {"a": ""}"#, ".advertisedScopeMapping.a",
                #""" cannot be a scope"#
            ),
            (
                url + #", "allowedClient": ["c"], "allowedScopes": ["s"]"#, ".allowedClient",
                #""allowedClient" is not known here; did you mean "allowedClients"?"#
            ),
        ])
    func limits(authorizer: String, path: String, message: String) {
        Refused(text(authorizer), "agents[0].auth.jwt\(path)", message).isRefused()
    }

    private func claim(_ name: String, _ type: String, _ rule: String) -> String {
        #"\#(Self.url), "customClaims": [{"inboundTokenClaimName": "\#(name)", "inboundTokenClaimValueType": "\#(type)", "authorizingClaimMatchValue": {\#(rule)}}]"#
    }

    @Test(
        "custom claims: names, values, and which operator goes with which type",
        arguments: [
            (
                "scp", "STRING", #""claimMatchOperator": "EQUALS", "claimMatchValue": {"matchValueString": "a"}"#,
                ".inboundTokenClaimName",
                "Custom claim name can't be 'scp'. Please configure claims in the allowed_scopes field"
            ),
            (
                "my-claim", "STRING", #""claimMatchOperator": "EQUALS", "claimMatchValue": {"matchValueString": "a"}"#,
                ".inboundTokenClaimName", #""my-claim" cannot be"#
            ),
            (
                "c", "NUMBER", #""claimMatchOperator": "EQUALS", "claimMatchValue": {"matchValueString": "a"}"#,
                ".inboundTokenClaimValueType", #""NUMBER" is not one of STRING, STRING_ARRAY"#
            ),
            (
                "c", "STRING", #""claimMatchOperator": "CONTAINS", "claimMatchValue": {"matchValueString": "a"}"#,
                ".authorizingClaimMatchValue.claimMatchOperator", "a claim of type STRING takes EQUALS only"
            ),
            (
                "c", "STRING_ARRAY", #""claimMatchOperator": "EQUALS", "claimMatchValue": {"matchValueString": "a"}"#,
                ".authorizingClaimMatchValue.claimMatchOperator", "a claim of type STRING_ARRAY takes"
            ),
            (
                "c", "STRING_ARRAY",
                #""claimMatchOperator": "CONTAINS_ANY", "claimMatchValue": {"matchValueString": "a"}"#,
                ".authorizingClaimMatchValue.claimMatchValue", "CONTAINS_ANY takes matchValueStringList"
            ),
            (
                "c", "STRING_ARRAY",
                #""claimMatchOperator": "CONTAINS", "claimMatchValue": {"matchValueStringList": ["a"]}"#,
                ".authorizingClaimMatchValue.claimMatchValue", "CONTAINS takes matchValueString"
            ),
            (
                "c", "STRING", #""claimMatchOperator": "EQUALS", "claimMatchValue": {}"#,
                ".authorizingClaimMatchValue.claimMatchValue", "expected one of"
            ),
            (
                "c", "STRING", #""claimMatchOperator": "EQUALS", "claimMatchValue": {"matchValueString": "a b"}"#,
                ".authorizingClaimMatchValue.claimMatchValue.matchValueString", #""a b" cannot be"#
            ),
            (
                "c", "STRING", #""claimMatchOperator": "EQUALS""#, ".authorizingClaimMatchValue",
                #""claimMatchValue" is missing"#
            ),
        ])
    func claims(name: String, type: String, rule: String, path: String, message: String) {
        Refused(text(claim(name, type, rule)), "agents[0].auth.jwt.customClaims[0]\(path)", message).isRefused()
    }

    @Test("a full authorizer is read; what means nothing on one machine may stand there")
    func full() throws {
        let rule = #""claimMatchOperator": "CONTAINS_ANY", "claimMatchValue": {"matchValueStringList": ["a", "b.c"]}"#
        let agent = try fileHolding(
            text(
                claim("https://x/groups".replacing("https:", with: "ns:"), "STRING_ARRAY", rule)
                    + #", "allowedAudience": ["a"], "allowedScopes": ["rs/read"], "advertisedScopeMapping": {"rs/read": "read"}, "privateEndpoint": {}"#
            )
        ).agents[0]
        guard case .jwt(let authorizer) = agent.auth else {
            Issue.record("no JWT")
            return
        }
        #expect(authorizer.allowedScopes == ["rs/read"])
        #expect(authorizer.advertisedScopeMapping == [JSON.Value.Member("rs/read", "read")])
        #expect(
            authorizer.customClaims == [
                CustomClaim(
                    name: "ns://x/groups", valueType: .stringArray, operator: .containsAny, match: .list(["a", "b.c"]))
            ])
    }
}
