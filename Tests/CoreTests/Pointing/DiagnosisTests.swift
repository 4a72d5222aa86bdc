import Testing

@testable import Pointing

@Suite("The doctor") struct DiagnosisTests {
    private static let url = "http://127.0.0.1:8787"
    private static let now = 1_768_478_400

    /// Everything as it should be: the endpoint, a region, credentials, and the server there.
    private static var good: Surroundings {
        var around = Surroundings()
        around.now = now
        around.variables = [
            "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE": url, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        ]
        around.answers = [url: .understudy(date: now), "https://127.0.0.1:8788": .understudy(date: now)]
        (around.authorityPath, around.authority) = ("/ca.pem", "AUTHORITY")
        around.files = ["/ca.pem": "AUTHORITY"]
        return around
    }

    /// By proxy instead of an endpoint.
    private static var proxied: Surroundings {
        var around = good
        around.variables["AWS_ENDPOINT_URL_BEDROCK_AGENTCORE"] = nil
        around.variables["HTTPS_PROXY"] = url
        around.variables["AWS_CA_BUNDLE"] = "/ca.pem"
        return around
    }

    private func reach(_ around: Surroundings, _ program: String = "boto3") -> ProgramRoute.Reach? {
        Diagnosis(around).programs.first { $0.program == program }?.reach
    }

    @Test("where all is well, there is nothing to say")
    func well() {
        let diagnosis = Diagnosis(Self.good)
        #expect(diagnosis.advice.isEmpty && !diagnosis.reachesService)
        #expect(
            diagnosis.programs.first?.line == "boto3 → the emulator: \(Self.url), by AWS_ENDPOINT_URL_BEDROCK_AGENTCORE"
        )
    }

    @Test("by proxy it is well, too, but for programs that read no proxy")
    func proxy() {
        let diagnosis = Diagnosis(Self.proxied)
        #expect(!diagnosis.reachesService && reach(Self.proxied) == .emulator)
        #expect(reach(Self.proxied, "Node's fetch") == .service)
        #expect(diagnosis.advice.allSatisfy { $0.level == .note })
        #expect(
            diagnosis.advice.contains {
                $0.text.hasPrefix("Node and the SDK for JavaScript do not look at HTTPS_PROXY")
            })
    }

    @Test("by name it is well, where a line of the hosts file and port 443 go together")
    func byName() {
        var around = Self.proxied
        around.variables["HTTPS_PROXY"] = nil
        around.hostsFile = "127.0.0.1 localhost\n127.0.0.1\tBedrock-AgentCore.us-east-1.amazonaws.com # here\n"
        around.answers["https://127.0.0.1:443"] = .understudy(date: Self.now)
        #expect(reach(around) == .emulator && reach(around, "Node's fetch") == .emulator)
        #expect(around.placesToAsk.contains("https://127.0.0.1:443"))
    }

    @Test("profiles are read as SDKs read them")
    func profiles() {
        var around = Self.good
        around.variables["AWS_ENDPOINT_URL_BEDROCK_AGENTCORE"] = nil
        around.variables["AWS_PROFILE"] = "local"
        around.configFile = """
            [profile local]
            region = us-east-1
            services = here
            endpoint_url = http://127.0.0.1:1

            [services here]
            bedrock_agentcore =
              endpoint_url = \(Self.url)
            """
        #expect(reach(around) == .emulator)
        around.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:2"
        #expect(reach(around) == .nobody)
    }

    struct WrongSetUp: Sendable, CustomTestStringConvertible {
        let sentence: String
        var reachesService = false
        let change: @Sendable (inout Surroundings) -> Void

        init(
            _ sentence: String, reachesService: Bool = false, _ change: @escaping @Sendable (inout Surroundings) -> Void
        ) {
            (self.sentence, self.reachesService, self.change) = (sentence, reachesService, change)
        }

        /// With one variable of the good set-up set otherwise.
        init(_ sentence: String, reachesService: Bool = false, _ name: String, _ value: String?) {
            self.init(sentence, reachesService: reachesService) { $0.variables[name] = value }
        }

        var testDescription: String { sentence }
    }

    private static let endpoint = "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE"

    static let endpoints: [WrongSetUp] = [
        WrongSetUp(
            "No endpoint is set: boto3 and the AWS CLI reach the real service.", reachesService: true, endpoint, nil),
        WrongSetUp(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true: SDKs look at no endpoint setting and reach the real service.",
            reachesService: true, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        WrongSetUp("\(endpoint) is “127.0.0.1:8787”, which is no URL: it lacks http://", endpoint, "127.0.0.1:8787"),
        WrongSetUp(
            "\(endpoint) names the real service, bedrock-agentcore.us-east-1.amazonaws.com.", reachesService: true
        ) {
            $0.variables[endpoint] = "https://bedrock-agentcore.us-east-1.amazonaws.com"
        },
        WrongSetUp("\(endpoint) goes before AWS_ENDPOINT_URL, which names \(url).", reachesService: true) {
            $0.variables[endpoint] = "https://bedrock-agentcore.us-east-1.amazonaws.com"
            $0.variables["AWS_ENDPOINT_URL"] = url
        },
        WrongSetUp(
            "\(endpoint) has the path /runtimes/a/invocations, behind which SDKs put their own: it has to end with the port.",
            endpoint, url + "/runtimes/a/invocations"),
        WrongSetUp(
            "\(endpoint) is https://127.0.0.1:8787, but port 8787 speaks plain HTTP.", endpoint,
            "https://127.0.0.1:8787"),
        WrongSetUp(
            "\(endpoint) is http://127.0.0.1:8788, but port 8788 speaks TLS.", endpoint, "http://127.0.0.1:8788"),
        WrongSetUp("\(endpoint) is \(url), where nobody answers.") { $0.answers = [:] },
        WrongSetUp("\(endpoint) is \(url), where something answers that is not Understudy.") {
            $0.answers = [url: .other]
        },
        WrongSetUp(
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_CORE is read by no AWS SDK: the name has no underscore between AGENT and CORE.",
            reachesService: true
        ) {
            $0.variables[endpoint] = nil
            $0.variables["AWS_ENDPOINT_URL_BEDROCK_AGENT_CORE"] = url
        },
        WrongSetUp(
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME is for the models of Bedrock, another service.", reachesService: true
        ) {
            $0.variables[endpoint] = nil
            $0.variables["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = url
        },
        WrongSetUp("AWS_PROFILE is ghost, and no shared file has a profile of that name.", "AWS_PROFILE", "ghost"),
        WrongSetUp("The profile default names services = here, and there is no [services here].") {
            $0.configFile = "[default]\nservices = here\n"
        },
        WrongSetUp("endpoint_url of the profile default is http://127.0.0.1:1, where nobody answers.") {
            $0.variables[endpoint] = nil
            $0.configFile = "[default]\nendpoint_url = http://127.0.0.1:1\n"
        },
        WrongSetUp(
            "AWS_USE_FIPS_ENDPOINT is true: SDKs refuse it together with an endpoint of your own.",
            "AWS_USE_FIPS_ENDPOINT",
            "true"),
        WrongSetUp(
            "BEDROCK_AGENTCORE_DP_ENDPOINT names the real service, bedrock-agentcore.us-east-1.amazonaws.com.",
            reachesService: true, "BEDROCK_AGENTCORE_DP_ENDPOINT", "https://bedrock-agentcore.us-east-1.amazonaws.com"),
        WrongSetUp(
            "BEDROCK_AGENTCORE_DP_ENDPOINT is enough for the starter toolkit; the bedrock-agentcore package refuses hosts that "
                + "are not AWS's.", "BEDROCK_AGENTCORE_DP_ENDPOINT", url),
    ]

    static let others: [WrongSetUp] = [
        WrongSetUp(
            "HTTP_PROXY sends calls for \(url) through http://proxy.example:3128, which cannot reach this machine."
        ) {
            $0.variables["HTTP_PROXY"] = "http://proxy.example:3128"
        },
        WrongSetUp(
            "NO_PROXY covers bedrock-agentcore.us-east-1.amazonaws.com: in spite of HTTPS_PROXY, programs reach the real service.",
            reachesService: true
        ) {
            $0 = proxied
            $0.variables["NO_PROXY"] = "localhost, .amazonaws.com"
        },
        WrongSetUp("HTTPS_PROXY begins with https://, but the proxy's own port speaks plain HTTP.") {
            $0 = proxied
            $0.variables["HTTPS_PROXY"] = "https://127.0.0.1:8787"
        },
        WrongSetUp("HTTPS_PROXY is http://127.0.0.1:9, where nobody answers.") {
            $0 = proxied
            $0.variables["HTTPS_PROXY"] = "http://127.0.0.1:9"
        },
        WrongSetUp("https_proxy and HTTPS_PROXY differ: programs choose either.") {
            $0 = proxied
            $0.variables["https_proxy"] = "http://127.0.0.1:8787/"
        },
        WrongSetUp("boto3 and the AWS CLI do not trust the local authority: AWS_CA_BUNDLE is not set.") {
            $0 = proxied
            $0.variables["AWS_CA_BUNDLE"] = nil
        },
        WrongSetUp("AWS_CA_BUNDLE is /gone.pem, which cannot be read: TLS fails.", "AWS_CA_BUNDLE", "/gone.pem"),
        WrongSetUp(
            "AWS_CA_BUNDLE is /other.pem, in which the local authority is missing: the emulator's certificates are refused."
        ) {
            $0 = proxied
            $0.variables["AWS_CA_BUNDLE"] = "/other.pem"
            $0.files["/other.pem"] = "OTHER"
        },
        WrongSetUp("For Node to trust the local authority, NODE_EXTRA_CA_CERTS is to be set.") { $0 = proxied },
        WrongSetUp("There is no region: SDKs stop before they call anybody.", "AWS_DEFAULT_REGION", nil),
        WrongSetUp("The region is “useast1”, which is none.", "AWS_DEFAULT_REGION", "useast1"),
        WrongSetUp("There are no credentials: SDKs stop before they call anybody.") {
            $0.variables["AWS_ACCESS_KEY_ID"] = nil
            $0.variables["AWS_SECRET_ACCESS_KEY"] = nil
        },
        WrongSetUp(
            "AWS_SECRET_ACCESS_KEY is not set, and the other half of the pair is.", "AWS_SECRET_ACCESS_KEY", nil),
        WrongSetUp(
            "AWS_SESSION_TOKEN is left over from other credentials than test, which have none.", "AWS_SESSION_TOKEN",
            "x"),
        WrongSetUp(
            "BEDROCK_AGENTCORE_BEARER_TOKEN is “undefined”: the program that set it had no token, and sends “Bearer undefined”.",
            "BEDROCK_AGENTCORE_BEARER_TOKEN", "undefined"),
        WrongSetUp(
            "BEARER_TOKEN begins with “Bearer ”, which programs put before it once more.", "BEARER_TOKEN",
            "Bearer a.b.c"),
        WrongSetUp("BEARER_TOKEN is no JWT: it is not three parts of base64url between dots.", "BEARER_TOKEN", "abc"),
        WrongSetUp(
            "BEARER_TOKEN holds a token that expired 1768478399 seconds ago.", "BEARER_TOKEN", "e30.eyJleHAiOjF9.c2ln"),
        WrongSetUp(
            "The hosts file sends bedrock-agentcore.us-east-1.amazonaws.com to this machine, and no Understudy answers on port "
                + "443."
        ) { $0.hostsFile = "127.0.0.1 bedrock-agentcore.us-east-1.amazonaws.com" },
        WrongSetUp(
            "The hosts file sends sts.amazonaws.com to 10.0.0.7, which is not this machine."
        ) { $0.hostsFile = "10.0.0.7 sts.amazonaws.com" },
        WrongSetUp(
            "The clock here is 600 seconds ahead of the emulator's: signatures are refused after five minutes."
        ) { $0.answers[url] = .understudy(date: now - 600) },
        WrongSetUp(
            "AGENTCORE_RUNTIME_URL holds the ARN as it is: in a path it has to be percent-encoded.",
            "AGENTCORE_RUNTIME_URL",
            url + "/runtimes/arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a/invocations"),
        WrongSetUp(
            "AGENTCORE_RUNTIME_URL ends before /invocations: the service answers “Missing Authentication Token”.",
            "AGENTCORE_RUNTIME_URL", url + "/runtimes/a"),
        WrongSetUp(
            "AGENTCORE_RUNTIME_URL has no qualifier: the endpoint DEFAULT is meant.", "AGENTCORE_RUNTIME_URL",
            url + "/runtimes/a/invocations"),
        WrongSetUp(
            "AGENTCORE_RUNTIME_URL names the real service.", "AGENTCORE_RUNTIME_URL",
            "https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/a/invocations?qualifier=DEFAULT"),
        WrongSetUp("AGENT_ARN is no ARN of an agent runtime.", "AGENT_ARN", "my_agent"),
    ]

    @Test(
        "each wrong set-up has its sentence, and says whether the real service is reached",
        arguments: endpoints + others)
    func wrong(_ setUp: WrongSetUp) {
        var around = Self.good
        setUp.change(&around)
        let diagnosis = Diagnosis(around)
        #expect(diagnosis.advice.contains { $0.text == setUp.sentence }, "\(diagnosis.text)")
        #expect(diagnosis.reachesService == setUp.reachesService, "\(diagnosis.text)")
    }

    @Test("only places on this machine are knocked at")
    func places() {
        var around = Self.proxied
        around.variables["HTTP_PROXY"] = "http://proxy.example:3128"
        around.variables["AWS_ENDPOINT_URL"] = "https://bedrock-agentcore.us-east-1.amazonaws.com"
        #expect(around.placesToAsk == ["http://127.0.0.1:8787", "https://127.0.0.1:8787"])
    }
}
