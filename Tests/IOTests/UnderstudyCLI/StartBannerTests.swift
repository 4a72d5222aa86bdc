import Library
import Rules
import Support
import Testing

@testable import UnderstudyCLI

@Suite("The start banner") struct StartBannerTests {
    @Test("it says what is served, and how a client is pointed here")
    func builtIn() throws {
        let scenario = try #require(ScenarioFile.read(Array(BuiltIn.text.utf8), fileName: "b", .complete()).0)
        let banner = StartBanner(url: "http://127.0.0.1:1", libraries: [], scenario: scenario, seed: 7, version: "1")
            .text
        #expect(banner.hasPrefix("understudy 1 serves the built-in library\n"))
        for text in [
            "every agent (HTTP, signed or by token)", "echo", "http://127.0.0.1:1/_understudy/",
            "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE=http://127.0.0.1:1", "AWS_SECRET_ACCESS_KEY=test",
        ] { #expect(banner.contains(text), "\(text)") }
    }

    @Test("a key that has ended, is denied something or wants a session token is not offered")
    func keys() {
        var scenario = Scenario()
        var ended = Credential(accessKeyId: "ENDED", secretAccessKey: "a")
        ended.expires = "2025-01-01T00:00:00Z"
        var denied = Credential(accessKeyId: "DENIED", secretAccessKey: "b")
        denied.deny = ["bedrock-agentcore:StopRuntimeSession"]
        var lent = Credential(accessKeyId: "LENT", secretAccessKey: "c")
        lent.sessionToken = "token"
        scenario.credentials = [ended, lent, Credential(accessKeyId: "GOOD", secretAccessKey: "d"), denied]
        let banner = StartBanner(url: "u", libraries: ["a.json"], scenario: scenario, seed: 7, version: "1").text
        #expect(banner.contains("AWS_ACCESS_KEY_ID=GOOD "))
        scenario.credentials = [ended, lent, denied]
        let bare = StartBanner(url: "u", libraries: ["a.json"], scenario: scenario, seed: 7, version: "1").text
        #expect(!bare.contains("AWS_ACCESS_KEY_ID") && bare.contains("AWS_ENDPOINT_URL_BEDROCK_AGENTCORE=u"))
    }

    @Test("where every agent takes tokens alone, it says how one is had")
    func tokens() throws {
        let text = """
            {"understudy": 1, "agents": [{
                "arn": "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/search_agent-ABCDEFGHIJ",
                "auth": {"jwt": {
                    "discoveryUrl": "http://127.0.0.1:8787/us-east-1_Understudy/.well-known/openid-configuration",
                    "allowedClients": ["web"]}}}]}
            """
        let scenario = try #require(ScenarioFile.read(Array(text.utf8), fileName: "b", .complete()).0)
        let banner = StartBanner(url: "u", libraries: ["b"], scenario: scenario, seed: 7, version: "1").text
        #expect(banner.contains("understudy token --server u --agent search_agent-ABCDEFGHIJ"))
        #expect(!banner.contains("AWS_ENDPOINT_URL"))
    }

    @Test("a secret that may be somebody's own is not printed, and many rules are counted")
    func secrets() {
        var scenario = Scenario()
        scenario.credentials = [Credential(accessKeyId: "AKIA", secretAccessKey: "deep")]
        scenario.rules = (0..<9).map { number in
            var rule = Rule(reply: Reply(.text("x")))
            rule.name = "rule \(number)"
            return rule
        }
        let banner = StartBanner(url: "u", libraries: ["a.json"], scenario: scenario, seed: 7, version: "1").text
        #expect(!banner.contains("deep") && banner.contains("and 4 more") && banner.contains("serves a.json"))
    }
}
