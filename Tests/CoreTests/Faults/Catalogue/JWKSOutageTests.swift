import Faults
import Testing

@Suite("jwks-outage") struct JWKSOutageTests {
    private func outages(_ fault: String) throws -> [IssuerPart: [IssuerEffect]] {
        var book = try Bending.book(fault)
        var found: [IssuerPart: [IssuerEffect]] = [:]
        for part in IssuerPart.allCases {
            var strikes = book.decide(FaultCandidate(issuer: part, now: Bending.noon))
            let effects = strikes.takeIssuerEffects()
            if !effects.isEmpty { found[part] = effects }
        }
        return found
    }

    @Test("the key set fails with 503; another part, or all of them, when told")
    func parts() throws {
        #expect(try outages(#"{"fault": "jwks-outage"}"#) == [.keys: [.outage(status: 503)]])
        #expect(
            try outages(#"{"fault": "jwks-outage", "part": "tokens", "status": 500}"#) == [
                .tokens: [.outage(status: 500)]
            ])
        #expect(try outages(#"{"fault": "jwks-outage", "part": "all"}"#).count == 3)
    }

    @Test("it counts what it concerns: requests for that part, and no agent's calls")
    func counting() throws {
        var book = try Bending.book(#"{"fault": "jwks-outage", "on": {"calls": "2"}}"#)
        _ = book.decide(Bending.candidate())
        let asked: [IssuerPart] = [.keys, .discovery, .tokens, .keys, .keys]
        #expect(
            asked.map { book.decide(FaultCandidate(issuer: $0, now: Bending.noon)).isEmpty } == [
                true, true, true, false, true,
            ])
        #expect(Bending.fates(&book, calls: 3) == "...")
    }

    @Test("no other fault strikes the issuer")
    func others() throws {
        var book = try Bending.book(#"{"fault": "hang"}"#)
        #expect(book.decide(FaultCandidate(issuer: .keys, now: Bending.noon)).isEmpty)
        #expect(Bending.fates(&book, calls: 1) == "x")
    }

    @Test("patterns over agents and sessions make no sense")
    func refused() throws {
        #expect(
            try Bending.mistakes(
                #"{"fault": "jwks-outage", "agent": "a-*", "endpoint": "prod", "on": {"session": "s", "perSession": true}}"#
            ) == [
                "agent: the issuer is asked for itself, not for an agent; leave it out",
                "endpoint: the issuer is asked for itself, not for an agent; leave it out",
                "on.session: the issuer knows no sessions; leave it out",
                "on.perSession: the issuer knows no sessions; leave it out",
            ])
        #expect(try Bending.mistakes(#"{"fault": "jwks-outage", "agent": "*"}"#) == [])
        #expect(
            try Bending.mistakes(#"{"fault": "jwks-outage", "part": "key"}"#) == [
                #"part: "key" is not one of keys, discovery, tokens, all; did you mean "keys"?"#
            ])
    }
}
