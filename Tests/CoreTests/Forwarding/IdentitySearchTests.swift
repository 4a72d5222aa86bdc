import Forwarding
import Testing
import Time

@Suite("IdentitySearch") struct IdentitySearchTests {
    private func found(
        _ environment: [String: String] = [:], profile: String? = nil, credentials: String = "", config: String = ""
    ) -> String {
        let search = IdentitySearch(
            environment: environment.merging(["HOME": "/h"]) { told, _ in told }, profile: profile,
            credentials: Array(credentials.utf8), config: Array(config.utf8))
        switch search.finding {
        case .found(let identity):
            return "\(identity.accessKeyId) \(identity.credential.sessionToken ?? "-") \(identity.region ?? "-")"
        case .process(let words, let region): return "run \(words) \(region ?? "-")"
        case .endpoint(let url, let authorization, _): return "ask \(url) \(authorization ?? "-")"
        case .endpointWithFile(let url, let file, _): return "ask \(url) with \(file)"
        case .missing(let why): return why
        }
    }

    private static let keys = ["AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"]
    private static let files = """
        [default]
        aws_access_key_id = AKIDFILE
        aws_secret_access_key = s
        # a comment
        [other]
        aws_access_key_id=AKIDOTHER
        aws_secret_access_key=s
        aws_session_token=t
        """

    @Test("the environment goes before the files, and a profile by name before the environment")
    func order() {
        #expect(found(Self.keys, credentials: Self.files) == "AKIDENV - -")
        #expect(found(["AWS_REGION": "eu-west-1"], credentials: Self.files) == "AKIDFILE - eu-west-1")
        #expect(found(["AWS_PROFILE": "other"], credentials: Self.files) == "AKIDOTHER t -")
        #expect(
            found(Self.keys, profile: "other", credentials: Self.files, config: "[profile other]\nregion = us-west-2\n")
                == "AKIDOTHER t us-west-2")
        #expect(
            found(Self.keys, profile: "none", credentials: Self.files).contains("profile none in /h/.aws/credentials"))
    }

    @Test("a process, an endpoint, and what takes the AWS CLI")
    func others() {
        #expect(
            found(config: "[default]\ncredential_process = /bin/keys --for 'a b'\n")
                == #"run ["/bin/keys", "--for", "a b"] -"#)
        #expect(
            found(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]) == "ask http://169.254.170.2/v2/x -")
        #expect(
            found([
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t",
            ]) == "ask http://localhost/x with /t")
        #expect(found(config: "[default]\nsso_session = mine\n").contains("aws configure export-credentials"))
        #expect(found(["AWS_ACCESS_KEY_ID": "A"]).contains("AWS_SECRET_ACCESS_KEY is not"))
        #expect(found().contains("AWS_ACCESS_KEY_ID in the environment") && found().contains("/h/.aws/config"))
    }

    @Test("what a process says is read, and its secret stands in no description")
    func document() throws {
        let text =
            #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"secret-1","SessionToken":"token-1","Expiration":"2026-01-01T00:00:00Z"}"#
        let identity = try #require(IdentitySearch.identity(Array(text.utf8), region: "r"))
        #expect(identity.credential.expires == Instant(rfc3339: Array("2026-01-01T00:00:00Z".utf8)))
        for told in ["\(identity)", "\(Identity.Knowledge.known(identity))", String(reflecting: identity)] {
            #expect(!told.contains("secret-1") && !told.contains("token-1"), "\(told)")
        }
        #expect(IdentitySearch.identity(Array("{}".utf8), region: nil) == nil)
        let now = try #require(identity.credential.expires)
        #expect(Identity.Knowledge.known(identity).isDue(at: now - .seconds(299)))
        #expect(!Identity.Knowledge.known(identity).isDue(at: now - .seconds(301)))
    }
}
