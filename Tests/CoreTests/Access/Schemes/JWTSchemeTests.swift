import Bytes
import HTTPWire
import JOSE
import Library
import Runtime
import Support
import Testing
import Time

@testable import Access

/// The rows of the attack table stand in `JWTAttackTests`.
@Suite("JWTScheme") struct JWTSchemeTests {
    private let unparsable = "403 OAuth authorization failed: Failed to parse token"

    @Test("a token that says all the authorizer asks for is believed, and its subject is the caller")
    func allowed() {
        guard case .allowed(let grant) = TokenWorld.judge(TokenWorld.token()) else {
            Issue.record("not believed")
            return
        }
        #expect(grant.scheme == "jwt" && grant.principal == "anna" && grant.token != nil)
        #expect(TokenWorld.judge(TokenWorld.token(["sub": "-"])).summary == "allowed app")
    }

    @Test("the first call needs the discovery document, then the key set, then is judged")
    func needs() {
        var scheme = JWTScheme()
        let request = TokenWorld.request("Bearer \(TokenWorld.token())")
        func judge() -> GateDecision {
            scheme.judge(request, authorizer: TokenWorld.authorizer, dialect: .y2025, now: TokenWorld.now)
        }
        #expect(judge() == .needs(url: TokenWorld.discoveryURL))
        #expect(judge() == .needs(url: TokenWorld.discoveryURL))
        scheme.keys.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: TokenWorld.now)
        #expect(judge() == .needs(url: TokenWorld.keySetURL))
        scheme.keys.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet, now: TokenWorld.now)
        #expect(judge().isAllowed)
    }

    @Test("a token that cannot be parsed asks for no document")
    func unparsableFirst() {
        var scheme = JWTScheme()
        let verdict = scheme.judge(
            TokenWorld.request("Bearer undefined"), authorizer: TokenWorld.authorizer, dialect: .y2025,
            now: TokenWorld.now)
        #expect(verdict.summary == unparsable)
        #expect(verdict.denial?.envelope == .bare)
        #expect(verdict.denial?.pointsToMetadata == false)
    }

    @Test("without a token the caller is pointed to the protected-resource document")
    func missing() {
        for request in [TokenWorld.request(), TokenWorld.request(""), TokenWorld.request("Bearer ")] {
            var scheme = TokenWorld.scheme
            let verdict = scheme.judge(
                request, authorizer: TokenWorld.authorizer, dialect: .y2025, now: TokenWorld.now)
            #expect(verdict.summary == "401 Missing Authentication Token")
            #expect(verdict.denial?.envelope == .jsonRPC(code: -32_001))
            #expect(verdict.denial?.pointsToMetadata == true)
        }
    }

    @Test(
        "less than a minute left is refused, in the words of the dialect",
        arguments: [
            (Dialect.y2025, "403 OAuth authorization failed: Ineffectual token, will expire within the next minute"),
            (.y2026, "401 Ineffectual token, will expire within the next minute"),
        ])
    func ineffectual(dialect: Dialect, expected: String) {
        for left in [-86_400, -1, 0, 1, 59] {
            let token = TokenWorld.token(["exp": "\(TokenWorld.now.seconds + Int64(left))"])
            #expect(TokenWorld.judge(token, dialect: dialect).summary == expected, "\(left) s left")
        }
        let token = TokenWorld.token(["exp": "\(TokenWorld.now.seconds + 60)"])
        #expect(TokenWorld.judge(token, dialect: dialect).isAllowed)
        #expect(TokenWorld.judge(TokenWorld.token(["exp": "-"]), dialect: dialect).summary == expected)
    }

    @Test("signature before issuer, issuer before times, times before claims")
    func order() {
        let late = "\(TokenWorld.now.seconds - 1)"
        let wrong: KeyValuePairs = ["iss": "\"http://evil\"", "exp": late, "client_id": "\"x\""]
        let signed = TokenWorld.token(wrong)
        let forged = String(signed.dropLast(8)) + "AAAAAAAA"
        #expect(TokenWorld.judge(forged).summary == "401 Token signature verification failed.")
        #expect(TokenWorld.judge(signed).summary == "401 Claim 'iss' value mismatch with configuration.")
        #expect(
            TokenWorld.judge(TokenWorld.token(["exp": late, "client_id": "\"x\""])).denial?.message.contains(
                "Ineffectual")
                == true)
        #expect(
            TokenWorld.judge(TokenWorld.token(["client_id": "\"x\""])).summary
                == "401 Claim 'client_id' value mismatch with configuration.")
    }

    @Test("a refused caller is named for the journal, and the journal is told more than the caller")
    func why() throws {
        let denial = try #require(TokenWorld.judge(TokenWorld.token(["client_id": "\"x\""])).denial)
        #expect(denial.principal == "anna")
        #expect(denial.why == "the token's client_id is 'x', allowed: app")
        let unknown = TokenMaker.signed(TokenWorld.claims(), header: #"{"alg":"RS256"}"#)
        #expect(TokenWorld.judge(unknown).isAllowed)
    }

    @Test("a token that was believed is believed again until a minute before it expires, and not beyond")
    func remembered() {
        var scheme = TokenWorld.scheme
        let request = TokenWorld.request("Bearer \(TokenWorld.token(["exp": "\(TokenWorld.now.seconds + 100)"]))")
        func judge(after seconds: Int64) -> GateDecision {
            scheme.judge(
                request, authorizer: TokenWorld.authorizer, dialect: .y2026,
                now: Instant(seconds: TokenWorld.now.seconds + seconds))
        }
        #expect(judge(after: 0).isAllowed)
        #expect(judge(after: 40).isAllowed)
        #expect(judge(after: 41).denial?.status == 401)
        #expect(judge(after: 40).isAllowed)
    }

    @Test("a token that one agent believed has to satisfy the next agent's own authorizer")
    func perAgent() {
        var scheme = TokenWorld.scheme
        let request = TokenWorld.request("Bearer \(TokenWorld.token())")
        var other = TokenWorld.authorizer
        other.allowedClients = ["another"]
        for _ in 0..<2 {
            let first = scheme.judge(request, authorizer: TokenWorld.authorizer, dialect: .y2025, now: TokenWorld.now)
            let second = scheme.judge(request, authorizer: other, dialect: .y2025, now: TokenWorld.now)
            #expect(first.isAllowed)
            #expect(second.denial?.status == 401)
        }
    }

    @Test("new keys make every remembered token be verified anew")
    func rotation() {
        var scheme = TokenWorld.scheme
        let request = TokenWorld.request("Bearer \(TokenWorld.token())")
        func judge(after seconds: Int64) -> GateDecision {
            scheme.judge(
                request, authorizer: TokenWorld.authorizer, dialect: .y2025,
                now: Instant(seconds: TokenWorld.now.seconds + seconds))
        }
        #expect(judge(after: 0).isAllowed)
        let others = Array(
            String(decoding: TokenWorld.keySet, as: UTF8.self).replacing("\"rsa\"", with: "\"other\"").utf8)
        scheme.keys.learn(url: TokenWorld.keySetURL, content: others, now: TokenWorld.now)
        #expect(judge(after: 1) == .needs(url: TokenWorld.keySetURL))
        scheme.keys.learn(url: TokenWorld.keySetURL, content: others, now: TokenWorld.now)
        #expect(judge(after: 2).summary == "401 Token signing key not found.")
    }

    @Test(
        "our own pools need no fetch, nor does a Cognito pool that an agent is configured for",
        arguments: [
            "http://127.0.0.1:8787/us-east-1_Understudy", "http://elsewhere:1/us-east-1_Understudy",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123",
        ])
    func own(issuer: String) throws {
        var chance = SeededGenerator(seed: 7)
        let issued = IssuerToken(
            kind: .access, issuer: issuer, clientId: "app", username: "anna", issuedAt: TokenWorld.now)
        let token = Issuer().token(issued, chance: &chance)
        var authorizer = JWTAuthorizer(discoveryUrl: issuer + IssuerPools.discoverySuffix)
        authorizer.allowedClients = ["app"]
        #expect(TokenWorld.judge(token, authorizer).isAllowed)
        authorizer.discoveryUrl =
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other" + IssuerPools.discoverySuffix
        #expect(TokenWorld.judge(token, authorizer).denial?.message == "Claim 'iss' value mismatch with configuration.")
    }

    @Test("any: tokens of our own pools and no others, with the reason")
    func any() throws {
        var scheme = JWTScheme()
        var chance = SeededGenerator(seed: 7)
        func judge(_ token: String, after seconds: Int64 = 0) -> GateDecision {
            scheme.judgeAny(
                TokenWorld.request("Bearer \(token)"), dialect: .y2025,
                now: Instant(seconds: TokenWorld.now.seconds + seconds))
        }
        var issued = IssuerToken(
            kind: .id, issuer: "http://localhost:1/us-east-1_Understudy", clientId: "app", username: "anna",
            issuedAt: TokenWorld.now)
        let token = Issuer().token(issued, chance: &chance)
        #expect(judge(token).isAllowed)
        #expect(judge(token, after: 3_540).isAllowed)
        #expect(judge(token, after: 3_541).denial?.status == 403)
        let foreign = judge(TokenWorld.token())
        #expect(foreign.summary == "401 Token signing key not found.")
        #expect(foreign.denial?.why.contains("give the agent a jwt authorizer") == true)
        issued.issuer = "https://evil.example/pool"
        let stranger = judge(Issuer().token(issued, chance: &chance))
        #expect(
            stranger.denial?.why == "the token's iss is 'https://evil.example/pool', which is no pool of this server")
    }

    @Test("a change of the issuer's keys is felt by tokens that were believed")
    func ownRotation() {
        var scheme = JWTScheme()
        var chance = SeededGenerator(seed: 7)
        let issued = IssuerToken(
            kind: .access, issuer: "http://h/us-east-1_Understudy", clientId: "app", username: "anna",
            issuedAt: TokenWorld.now)
        let request = TokenWorld.request("Bearer \(Issuer().token(issued, chance: &chance))")
        func summary(_ issuer: Issuer) -> String {
            scheme.judgeAny(request, dialect: .y2025, issuer: issuer, now: TokenWorld.now).summary
        }
        var issuer = Issuer()
        #expect(summary(issuer) == "allowed \(IssuerToken.subject(of: "anna"))")
        issuer.rotate()
        #expect(summary(issuer) == "401 Token signing key not found.")
        #expect(summary(Issuer()).hasPrefix("allowed"))
        issuer.rotate()
        #expect(summary(issuer).hasPrefix("allowed"))
        issuer.rotate(keepsOld: true)
        #expect(summary(issuer).hasPrefix("allowed"))
    }

    @Test("a token signed in through the path of a space is good in that space alone, and so for good")
    func spaces() {
        var scheme = JWTScheme()
        var chance = SeededGenerator(seed: 7)
        let issued = IssuerToken(
            kind: .access, issuer: "http://127.0.0.1:8787/_space/w1/us-east-1_Understudy", clientId: "app",
            username: nil, issuedAt: TokenWorld.now)
        let request = TokenWorld.request("Bearer \(Issuer().token(issued, chance: &chance))")
        var authorizer = JWTAuthorizer(
            discoveryUrl: "http://127.0.0.1:8787/us-east-1_Understudy" + IssuerPools.discoverySuffix)
        authorizer.allowedClients = ["app"]
        for authorizer in [nil, authorizer] {
            func judge(_ space: String) -> GateDecision {
                scheme.judge(
                    request, authorizer: authorizer, dialect: .y2025, space: space, now: TokenWorld.now)
            }
            #expect(judge("w1").summary == "allowed app")
            #expect(judge("w1").summary == "allowed app")
            for other in ["w2", "default"] {
                #expect(judge(other).summary == "401 Claim 'iss' value mismatch with configuration.")
            }
        }
        #expect(
            scheme.judge(request, authorizer: nil, dialect: .y2025, space: "w2", now: TokenWorld.now).denial?.why
                == "the token's iss is 'http://127.0.0.1:8787/_space/w1/us-east-1_Understudy', which is no pool of this "
                + "server in this space")
    }

    @Test("documents age by real time, wherever the server's clock stands")
    func documentsAge() {
        for hours in [-48, -1, 1, 48] {
            let moved = TokenWorld.now + .seconds(hours * 3_600)
            let claims = TokenWorld.token(["exp": "\(moved.seconds + 3_600)"])
            var scheme = TokenWorld.scheme
            let verdict = scheme.judge(
                TokenWorld.request("Bearer \(claims)"), authorizer: TokenWorld.authorizer, dialect: .y2025,
                now: moved, real: TokenWorld.now)
            #expect(verdict.summary == "allowed anna", "\(hours) h")
        }
        var scheme = TokenWorld.scheme
        let later = TokenWorld.now + .seconds(3_600)
        let verdict = scheme.judge(
            TokenWorld.request("Bearer \(TokenWorld.token())"), authorizer: TokenWorld.authorizer, dialect: .y2025,
            now: TokenWorld.now, real: later)
        #expect(verdict == .needs(url: TokenWorld.discoveryURL))
    }

    @Test("what is not settled after so many documents is refused, and says what it would still want")
    func unsettled() {
        var scheme = JWTScheme()
        func judge(_ documents: Int) -> GateDecision {
            scheme.judge(
                TokenWorld.request("Bearer \(TokenWorld.token())"), authorizer: TokenWorld.authorizer,
                dialect: .y2025, now: TokenWorld.now, documents: documents)
        }
        #expect(judge(Gate.mostDocuments - 1) == .needs(url: TokenWorld.discoveryURL))
        #expect(
            judge(Gate.mostDocuments).summary == "401 Unable to retrieve the signing keys of the token issuer.")
        #expect(
            judge(Gate.mostDocuments).denial?.why
                == "after 8 documents the keys are still not known; the next would be '\(TokenWorld.discoveryURL)'")
    }
}
