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

    private static func question(_ request: Request, echo: Bool = true) -> Gate.Question {
        Gate.Question(
            request: request, auth: .sigv4, dialect: .y2025, region: "us-west-2",
            action: "bedrock-agentcore:InvokeAgentRuntime", resource: arn, now: now, echoesSignatures: echo)
    }

    /// A request that this secret signed.
    private static func request(secret: String = secret, token: String? = nil) -> Request {
        let fields: [Signer.Field] = [("Host", "127.0.0.1:8787")]
        let signer = Signer(
            accessKeyId: "AKIDEXAMPLE", credential: SigV4.Credential(secret: secret, sessionToken: token),
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
        var credential = Library.Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: secret)
        (credential.sessionToken, credential.expires, credential.deny) = (token, expires, deny)
        return SigV4Scheme(credentials: [credential])
    }

    private static func denial(_ verdict: Verdict) -> Denial? {
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

    @Test("what a credential is denied is an authorisation error in the service's capitals")
    func denied() throws {
        for pattern in ["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:invoke*", "*"] {
            var scheme = Self.scheme(deny: ["bedrock-agentcore:StopRuntimeSession", pattern])
            let denial = try #require(Self.denial(scheme.judge(Self.question(Self.request()))))
            #expect(denial.status == 403)
            #expect(denial.errorType == "AccessDeniedException")
            #expect(denial.envelope == .nativeCapital)
            #expect(
                denial.message
                    == "User: arn:aws:iam::123456789012:user/AKIDEXAMPLE is not authorized to perform: "
                    + "bedrock-agentcore:InvokeAgentRuntime on resource: \(Self.arn) because no identity-based "
                    + "policy allows the bedrock-agentcore:InvokeAgentRuntime action")
        }
        var other = Self.scheme(deny: ["bedrock-agentcore:StopRuntimeSession"])
        #expect(Self.denial(other.judge(Self.question(Self.request()))) == nil)
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

    @Test("of two credentials with one key the first counts")
    func duplicates() {
        var scheme = SigV4Scheme(credentials: [
            Library.Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: Self.secret),
            Library.Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "other"),
        ])
        #expect(Self.denial(scheme.judge(Self.question(Self.request()))) == nil)
    }
}
