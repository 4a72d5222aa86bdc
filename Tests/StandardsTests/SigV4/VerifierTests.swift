import Bytes
import Crypto
import SigV4
import Support
import Testing
import Time

@Suite("Verifier") struct VerifierTests {
    /// One way to break a request each, from the first that is looked for to the last.
    enum Fault: Int, CaseIterable, Comparable, CustomTestStringConvertible {
        case bothForms, algorithm, notKeyEqualsValue, missingElement, hostNotSigned, badDate, expired, fourParts
        case scope, unknownKey, wrongToken, signature

        static func < (left: Fault, right: Fault) -> Bool { left.rawValue < right.rawValue }
        var testDescription: String { "\(self)" }

        /// What only this fault's message says.
        var words: String {
            switch self {
            case .bothForms: "Found both"
            case .algorithm: "Unsupported AWS 'algorithm'"
            case .notKeyEqualsValue: "Invalid key=value pair"
            case .missingElement: "Authorization header requires 'Signature'"
            case .hostNotSigned: "'Host' or ':authority'"
            case .badDate: "Date must be in ISO-8601"
            case .expired: "Signature expired"
            case .fourParts: "Credential must have exactly 5 slash-delimited"
            case .scope: "Credential should be scoped to a valid region"
            case .unknownKey, .wrongToken: "The security token included in the request is invalid."
            case .signature: "The request signature we calculated does not match"
            }
        }
    }

    /// A request with these faults, in the header form.
    static func request(_ faults: Set<Fault>) -> Message {
        let has = faults.contains
        let date = has(.badDate) ? "201" : has(.expired) ? "20260115T115459Z" : "20260115T120000Z"
        var credential = [has(.unknownKey) ? "AKIDUNKNOWN" : "AKIDEXAMPLE", "20260115"]
        credential += [has(.scope) ? "" : "us-west-2", "bedrock-agentcore"]
        if !has(.fourParts) { credential.append("aws4_request") }
        var header = has(.algorithm) ? "AWS4-HMAC-SHA512" : "AWS4-HMAC-SHA256"
        header += " Credential=\(credential.joined(separator: "/"))"
        header += ", SignedHeaders=\(has(.hostNotSigned) ? "x-amz-date" : "host;x-amz-date")"
        if has(.notKeyEqualsValue) { header += ", nonsense" }
        if !has(.missingElement) { header += ", Signature=\(String(repeating: "0", count: 64))" }
        var message = Message(
            authorization: header, date: date, target: has(.bothForms) ? "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" : "/")
        if has(.wrongToken) { message.add("X-Amz-Security-Token", "wrong") }
        return message
    }

    @Test("of two faults the one that is looked for first is told", arguments: Fault.allCases)
    func order(first: Fault) throws {
        for second in Fault.allCases where first <= second {
            let refusal = try #require(World.refusal(Self.request([first, second])))
            #expect(refusal.message.hasPrefix(first.words), "\(first) with \(second): \(refusal.message)")
        }
    }

    @Test("a token that has run out comes after the wrong token and before the signature")
    func expiredToken() throws {
        let past = World.now
        let wrongSignature = Self.request([.signature])
        let expired = try #require(World.refusal(wrongSignature, expires: past))
        #expect(expired.errorType == "ExpiredTokenException")
        #expect(expired.message == "The security token included in the request is expired")
        let wrongToken = try #require(World.refusal(Self.request([.wrongToken]), expires: past))
        #expect(wrongToken.errorType == "UnrecognizedClientException")
    }

    @Test("no credentials at all are absent, not refused")
    func absent() {
        let bare = Message(method: "GET", target: "/?a=b-c&X-Amzn-Trace=1", fields: [("Host", World.host)])
        #expect(World.verify(bare) == .absent)
        #expect(World.verify(Message(authorization: "")) == .absent)
        #expect(World.verify(Message(method: "", target: "", fields: [])) == .absent)
    }

    @Test("five minutes either way, to the second")
    func window() throws {
        let message = World.signed()
        for (offset, words) in [
            (300, nil), (301, "Signature expired: 20260115T120000Z is now earlier than 20260115T120001Z "),
            (-300, nil), (-301, "Signature not yet current: 20260115T120000Z is still later than 20260115T115959Z "),
        ] {
            let refusal = World.refusal(message, now: World.now + .seconds(offset))
            #expect(refusal?.errorType == words.map { _ in "InvalidSignatureException" })
            if let words { #expect(try #require(refusal).message.hasPrefix(words)) }
        }
    }

    @Test("the age of a signature and the end of a credential may be judged by different clocks")
    func clocks() {
        let (later, end) = (World.now + .seconds(3_600), World.now + .seconds(1_800))
        let message = World.signed()
        #expect(World.verify(message, expires: end, now: World.now, expiryNow: World.now) == World.verified)
        #expect(World.verify(message, expires: end, now: World.now, expiryNow: later) != World.verified)
        #expect(World.verify(message, now: World.now, expiryNow: later) == World.verified)
        #expect(World.verify(message, now: later, expiryNow: World.now) != World.verified)
    }

    @Test("a presigned request lives as long as it says", arguments: [1, 60, 300, 604_800])
    func lifetime(seconds: Int) throws {
        let target = World.signer().presign(
            method: "GET", target: "/ws", fields: [("Host", World.host)], at: World.now, lifetimeSeconds: seconds)
        let message = Message(method: "GET", target: target, fields: [("Host", World.host)])
        #expect(World.verify(message, now: World.now + .seconds(seconds)) == World.verified)
        let refusal = try #require(World.refusal(message, now: World.now + .seconds(seconds + 1)))
        #expect(refusal.message.hasPrefix("Signature expired: 20260115T120000Z is now earlier than 20260115T120001Z"))
    }

    @Test("a clock at the end of the years still answers", arguments: [Int64.min, .max, 0, -1])
    func extremeClock(nanoseconds: Int64) {
        #expect(World.refusal(World.signed(), now: Instant(nanoseconds: nanoseconds)) != nil)
    }

    @Test("Host is accepted with and without its port, whichever was signed")
    func port() {
        for (signed, sent, isVerified) in [
            ("local.api.aws", "local.api.aws:8443", true), ("local.api.aws:8443", "local.api.aws:8443", true),
            ("[::1]", "[::1]:8443", true), ("local.api.aws:8443", "local.api.aws", false),
            ("local.api.aws", "other.api.aws:8443", false), ("local.api.aws", "local.api.aws:", true),
        ] {
            let target = World.signer().presign(
                method: "GET", target: "/ws", fields: [("Host", signed)], at: World.now, lifetimeSeconds: 300)
            let message = Message(method: "GET", target: target, fields: [("Host", sent)])
            #expect((World.verify(message) == World.verified) == isVerified, "\(signed) as \(sent)")
        }
    }

    @Test(
        "a query verifies however its signer read it", arguments: ["q=a+b", "q=%7Ea:b/c", "q=%3a&&a"],
        CanonicalQuery.Reading.allCases)
    func readings(query: String, reading: CanonicalQuery.Reading) throws {
        let unsigned = World.signed(target: "/?\(query)")
        let authorization = try #require(try Authorization.read(unsigned))
        var canonical = CanonicalRequest()
        canonical.reading.query = reading
        let key = SigningKey.derive(
            secret: World.secret, date: Array("20260115".utf8)[...], region: Array("us-west-2".utf8)[...],
            service: Array("bedrock-agentcore".utf8)[...])
        var calculator = SignatureCalculator()
        _ = calculator.calculate(
            canonical, of: unsigned, authorization, payload: SignedPayload(unsigned, authorization),
            with: HMAC(.sha256, key: key))
        var message = unsigned
        message.head.replaceSubrange(authorization.signature, with: calculator.signature)
        #expect(World.verify(message) == World.verified)
        message.head[authorization.signature.lowerBound] ^= 1
        #expect(World.verify(message) != World.verified)
    }

    @Test("a signed header that did not come is a mismatch, even where its value would be empty")
    func missingSignedHeader() throws {
        let message = World.signed(fields: [("Host", World.host), ("X-Empty", "")])
        #expect(World.verify(message) == World.verified)
        let refusal = try #require(World.refusal(message.replacing("X-Empty", with: nil)))
        #expect(refusal.message == Self.mismatch)
        #expect(refusal.canonicalRequest?.contains("\nx-empty:\n") == true)
    }

    @Test("the hash of the body is compared with the body")
    func bodyHash() throws {
        let hash = "ef537f25c895bfa782526529a9b63d97aa631564d5d789c2b765448c8635fb6c"
        let fields: [Signer.Field] = [("Host", World.host), ("X-Amz-Content-Sha256", hash)]
        let added = World.signer().sign(method: "POST", target: "/", fields: fields, at: World.now)
        let bare = Message(method: "POST", target: "/", fields: fields + added, body: Array("other".utf8))
        let refusal = try #require(World.refusal(bare))
        #expect(refusal.message == Self.mismatch)
        #expect(refusal.why?.hasPrefix("x-amz-content-sha256 is \(hash), the body's SHA-256 is ") == true)
        #expect(refusal.messageWithEcho == Self.mismatch)
        let body = Array("hello".utf8)
        let right: [Signer.Field] = [("Host", World.host), ("X-Amz-Content-Sha256", Hex.encode(SHA256.hash(body)))]
        let signed = World.signer().sign(method: "POST", target: "/", fields: right, body: body, at: World.now)
        let good = Message(method: "POST", target: "/", fields: right + signed, body: body)
        #expect(World.verify(good) == World.verified)
    }

    @Test("an unsigned payload may be anything; a signed one may not")
    func unsignedPayload() throws {
        var unsigned = World.signed(isPayloadSigned: false)
        unsigned.body = Array("anything".utf8)
        #expect(World.verify(unsigned) == World.verified)
        var signed = World.signed()
        signed.body = Array("anything".utf8)
        #expect(World.refusal(signed)?.message == Self.mismatch)
    }

    @Test("a body that was hashed as it came is not hashed again")
    func digestInHand() {
        var message = World.signed()
        message.bodyDigest = [UInt8](repeating: 0, count: 32)
        #expect(World.verify(message) != World.verified)
    }

    @Test("session tokens: the right one, a wrong one, none, and one too many")
    func tokens() throws {
        let invalid = "The security token included in the request is invalid."
        #expect(World.verify(World.signed(token: "T"), token: "T") == World.verified)
        for (sent, expected) in [("T", "U"), ("T", nil), (nil, "T")] {
            let refusal = try #require(World.refusal(World.signed(token: sent), token: expected))
            #expect(refusal.message == invalid)
            #expect(refusal.errorType == "UnrecognizedClientException")
            #expect(refusal.why?.contains("AKIDEXAMPLE") == true)
        }
    }

    @Test("what is shown of a mismatch holds no token, no cookie")
    func redaction() throws {
        let fields: [Signer.Field] = [("Host", World.host), ("Cookie", "secret-cookie")]
        let message = World.signed(fields: fields, token: "secret-token").replacing("Content-Type", with: nil)
        var verifier = Verifier()
        let outcome = verifier.verify(message, for: World.service, now: World.now, expiryNow: World.now) { _ in
            SigningCredential(secret: "another", sessionToken: "secret-token")
        }
        guard case .refused(let refusal) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!refusal.messageWithEcho.contains("secret-"))
        #expect(refusal.messageWithEcho.contains("\ncookie:[redacted]\n"))
        #expect(refusal.messageWithEcho.contains("\nx-amz-security-token:[redacted]\n"))
    }

    @Test("a key that changed is believed at once, one that went is refused")
    func rotation() {
        var verifier = Verifier()
        func outcome(_ credential: SigningCredential?) -> Verifier.Outcome {
            verifier.verify(World.signed(), for: World.service, now: World.now, expiryNow: World.now) { _ in credential
            }
        }
        #expect(outcome(SigningCredential(secret: World.secret)) == World.verified)
        #expect(outcome(SigningCredential(secret: "changed")) != World.verified)
        #expect(outcome(nil) != World.verified)
        #expect(outcome(SigningCredential(secret: World.secret)) == World.verified)
    }

    @Test("any bytes at all give a verdict")
    func fuzz() {
        let seed: UInt64 = 20_260_115
        var chance = SeededGenerator(seed: seed)
        let whole = [World.signed(), Self.request([]), Self.request([.bothForms])]
        for round in 0..<3_000 {
            var message = whole[round % whole.count]
            for _ in 0..<Int.random(in: 1...6, using: &chance) {
                let place = Int.random(in: 0..<message.head.count, using: &chance)
                message.head[place] = UInt8.random(in: 0...255, using: &chance)
            }
            if case .refused(let refusal) = World.verify(message) {
                #expect(refusal.status == 403 || refusal.status == 400, "seed \(seed), round \(round)")
            }
        }
    }

    static let mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        + "Key and signing method. Consult the service documentation for details."
}
