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
