import Access
import Bytes
import HTTPWire
import Library
import Rules
import SigV4
import Testing
import Time

@Suite("SigV4Scheme") struct SigV4SchemeTests {
    static let arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/hosted_agent-Ab12Cd34Ef"
    static let now = Instant(basic: Array("20260115T120000Z".utf8)) ?? Instant(seconds: 0)
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    private static func question(
        _ request: Request, region: String? = "us-west-2", now: Instant = now, signature: Instant = now,
        echo: Bool = true
    ) -> Gate.Question {
        Gate.Question(
            request: request, auth: .sigv4, dialect: .y2025, region: region,
            action: "bedrock-agentcore:InvokeAgentRuntime", resource: arn, space: "default", issuer: Issuer(),
            times: Gate.Times(server: now, signature: signature, real: signature), documents: 0,
            echoesSignatures: echo)
    }

    /// A request that this secret signed.
    private static func request(secret: String = secret, token: String? = nil, user: String? = nil) -> Request {
        let name = "X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
        let fields: [Signer.Field] = [("Host", "127.0.0.1:8787")] + (user.map { [(name, $0)] } ?? [])
        let signer = Signer(
            accessKeyId: "AKIDEXAMPLE", credential: SigningCredential(secret: secret, sessionToken: token),
            region: "us-west-2", service: "bedrock-agentcore")
        let added = signer.sign(
            method: "POST", target: "/runtimes/a/invocations", fields: fields, body: Array("{}".utf8), at: now)
        return request(fields + added)
    }

    private static func request(_ fields: [Signer.Field]) -> Request {
        let message = Message(method: "POST", target: "/runtimes/a/invocations", fields: fields)
        return Request(
            head: message.head, method: message.method, target: message.path, path: message.path, query: nil,
            minorVersion: 1, fields: message.fields, body: Array("{}".utf8))
    }

    private static func scheme(
        token: String? = nil, expires: String? = nil, deny: [String]? = nil
    ) -> SigV4Scheme {
        var credential = Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: secret)
        (credential.sessionToken, credential.expires, credential.deny) = (token, expires, deny)
        return SigV4Scheme(credentials: [credential])
    }

    private static func denial(_ verdict: GateDecision) -> Denial? {
        guard case .refused(let denial) = verdict else { return nil }
        return denial
    }

    @Test("a caller who signs is known by the access key")
    func allowed() {
        var scheme = Self.scheme()
        let verdict = scheme.judge(Self.question(Self.request()))
        #expect(verdict == .allowed(Grant(scheme: "sigv4", principal: "AKIDEXAMPLE")))
    }

    @Test("nothing at all is a missing authentication token")
    func absent() throws {
        var scheme = Self.scheme()
        let denial = try #require(Self.denial(scheme.judge(Self.question(Self.request([("Host", "a")])))))
        #expect(denial.status == 403)
        #expect(denial.errorType == "MissingAuthenticationTokenException")
        #expect(denial.message == "Missing Authentication Token")
        #expect(denial.envelope == .native)
        #expect(denial.scheme == "sigv4")
    }

    @Test("a mismatch tells what the server computed, in the answer only when asked")
    func echo() throws {
        var scheme = Self.scheme()
        let request = Self.request(secret: "another")
        let loud = try #require(Self.denial(scheme.judge(Self.question(request))))
        let quiet = try #require(Self.denial(scheme.judge(Self.question(request, echo: false))))
        #expect(
            loud.message.hasPrefix(
                quiet.message + "\n\nThe Canonical String for this request should have been\n'POST\n"))
        #expect(quiet.message.hasSuffix("Consult the service documentation for details."))
        for denial in [loud, quiet] {
            #expect(denial.errorType == "InvalidSignatureException")
            #expect(denial.principal == "AKIDEXAMPLE")
            #expect(denial.canonicalRequest?.hasPrefix("POST\n/runtimes/a/invocations\n") == true)
            #expect(denial.stringToSign?.hasPrefix("AWS4-HMAC-SHA256\n20260115T120000Z\n") == true)
        }
    }

    @Test("what a credential is denied is an authorisation error in the service's words")
    func denied() throws {
        for pattern in ["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:invoke*", "*"] {
            var scheme = Self.scheme(deny: ["bedrock-agentcore:StopRuntimeSession", pattern])
            let denial = try #require(Self.denial(scheme.judge(Self.question(Self.request()))))
            #expect(denial.status == 403)
            #expect(denial.errorType == "AccessDeniedException")
            #expect(denial.envelope == .ofProtocol)
            #expect(
                denial.message
                    == "User: arn:aws:iam::123456789012:user/AKIDEXAMPLE is not authorized to perform: "
                    + "bedrock-agentcore:InvokeAgentRuntime on resource: \(Self.arn) because no identity-based "
                    + "policy allows the bedrock-agentcore:InvokeAgentRuntime action")
        }
        var other = Self.scheme(deny: ["bedrock-agentcore:StopRuntimeSession"])
        #expect(Self.denial(other.judge(Self.question(Self.request()))) == nil)
    }

    @Test("who speaks for a user needs an action more, and who speaks for nobody does not")
    func delegated() throws {
        var scheme = Self.scheme(deny: ["bedrock-agentcore:InvokeAgentRuntimeForUser"])
        #expect(Self.denial(scheme.judge(Self.question(Self.request()))) == nil)
        let denial = try #require(Self.denial(scheme.judge(Self.question(Self.request(user: "anna")))))
        #expect(denial.message.contains("is not authorized to perform: bedrock-agentcore:InvokeAgentRuntimeForUser on"))
        #expect(denial.why == "the library denies bedrock-agentcore:InvokeAgentRuntimeForUser to 'AKIDEXAMPLE'")
    }

    @Test("a denied caller whose signature is wrong is told about the signature")
    func signatureFirst() throws {
        var scheme = Self.scheme(deny: ["*"])
        let denial = try #require(Self.denial(scheme.judge(Self.question(Self.request(secret: "another")))))
        #expect(denial.errorType == "InvalidSignatureException")
    }

    @Test("temporary credentials are a role session, and run out")
    func temporary() throws {
        var denying = Self.scheme(token: "T", deny: ["*"])
        let denial = try #require(Self.denial(denying.judge(Self.question(Self.request(token: "T")))))
        #expect(denial.message.hasPrefix("User: arn:aws:sts::123456789012:assumed-role/understudy/AKIDEXAMPLE is"))
        for (expires, type) in [
            ("2026-01-15T12:00:00Z", "ExpiredTokenException"), ("tomorrow", "ExpiredTokenException"),
            ("2026-01-15T12:00:01Z", nil), ("2026-01-15T13:00:00.5+01:00", nil),
        ] {
            var scheme = Self.scheme(token: "T", expires: expires)
            let verdict = scheme.judge(Self.question(Self.request(token: "T")))
            #expect(Self.denial(verdict)?.errorType == type, "\(expires)")
        }
    }

    @Test("a signature ages by its own clock, a credential by the server's")
    func clocks() throws {
        let later = Self.now + .seconds(3_600)
        var lasting = Self.scheme()
        #expect(Self.denial(lasting.judge(Self.question(Self.request(), now: later))) == nil)
        let stale = try #require(Self.denial(lasting.judge(Self.question(Self.request(), signature: later))))
        #expect(stale.message.hasPrefix("Signature expired: 20260115T120000Z is now earlier than 20260115T125500Z"))
        var ending = Self.scheme(token: "T", expires: "2026-01-15T12:30:00Z")
        let expired = try #require(Self.denial(ending.judge(Self.question(Self.request(token: "T"), now: later))))
        #expect(expired.errorType == "ExpiredTokenException")
        #expect(expired.why == "'AKIDEXAMPLE' expired at 2026-01-15T12:30:00Z, and it is 2026-01-15T13:00:00Z")
    }

    @Test("who signs for another region than the agent's is believed, and finds nobody there")
    func region() {
        var scheme = Self.scheme()
        let verdict = scheme.judge(Self.question(Self.request(), region: "eu-west-1"))
        #expect(
            verdict
                == .elsewhere(
                    Grant(
                        scheme: "sigv4", principal: "AKIDEXAMPLE",
                        why: "the signature is scoped to us-west-2, the agent lives in eu-west-1: set the client's "
                            + "region, AWS_REGION or region_name, to eu-west-1")))
        #expect(
            Self.denial(scheme.judge(Self.question(Self.request(secret: "another"), region: "eu-west-1")))?.errorType
                == "InvalidSignatureException")
        #expect(Self.denial(scheme.judge(Self.question(Self.request(), region: nil))) == nil)
    }

    @Test("why a token or a key is invalid says which it was and what to do")
    func whys() throws {
        func why(_ scheme: SigV4Scheme, _ request: Request) throws -> String {
            var scheme = scheme
            let denial = try #require(Self.denial(scheme.judge(Self.question(request))))
            #expect(denial.errorType == "UnrecognizedClientException")
            #expect(denial.message == "The security token included in the request is invalid.")
            return denial.why
        }
        #expect(
            try why(Self.scheme(), Self.request(token: "left"))
                == "'AKIDEXAMPLE' has no session token, and one was sent: unset AWS_SESSION_TOKEN, which is left over "
                + "from other keys")
        #expect(
            try why(Self.scheme(token: "T"), Self.request())
                == "'AKIDEXAMPLE' needs its session token, and none was sent: set AWS_SESSION_TOKEN")
        #expect(
            try why(Self.scheme(token: "T"), Self.request(token: "other"))
                == "the session token is not that of 'AKIDEXAMPLE': AWS_SESSION_TOKEN belongs to other keys")
        func others(_ count: Int) -> SigV4Scheme {
            SigV4Scheme(credentials: (0..<count).map { .init(accessKeyId: "K\($0)", secretAccessKey: "s") })
        }
        let stranger = "no credential with the access key id 'AKIDEXAMPLE'; the library has "
        #expect(try why(others(0), Self.request()) == stranger + "none: add it to credentials")
        #expect(try why(others(2), Self.request()) == stranger + "K0, K1")
        #expect(try why(others(5), Self.request()) == stranger + "K0, K1, K2 and 2 more")
    }

    @Test("of two credentials with one key the first counts")
    func duplicates() {
        var scheme = SigV4Scheme(credentials: [
            Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: Self.secret),
            Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "other"),
        ])
        #expect(Self.denial(scheme.judge(Self.question(Self.request()))) == nil)
    }
}
