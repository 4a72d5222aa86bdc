import Testing
import Verdicts

@Suite("Expectation files") struct ExpectationFileTests {
    private func mistakes(_ text: String, known: KnownNames? = nil) -> [String] {
        ExpectationFile.read(Array(text.utf8), fileName: "e.json", known: known).1.map(\.description)
    }

    @Test("the example of the contract is read, every kind of it")
    func example() {
        let text = """
            {"expect": [
              {"name": "retried twice", "calls": {"match": {"agent": "*search*"}, "count": {"min": 3, "max": 3}}},
              {"name": "breaker", "breaker": {"match": {"agent": "*search*"}, "opensAfter": 5, "openFor": "60s",
                "tolerance": "10%", "probes": 3, "closesAfter": 1, "failures": ["5xx", "429", "timeout"]}},
              {"name": "backoff", "backoff": {"policy": "full-jitter", "base": "1s", "factor": 2, "cap": "30s", "attempts": 3}},
              {"name": "refresh", "tokenRefresh": {"within": "5s", "refreshes": {"max": 1}, "retries": {"max": 1}}},
              {"name": "budget", "amplification": {"max": 1.2}},
              {"name": "order", "order": [{"agent": "*pdf*"}, {"agent": "*extract*"}]},
              {"name": "quiet", "quiet": {"match": {"agent": "*search*"}, "from": "2026-01-15T12:00:00Z", "for": "60s"}},
              {"stream": {"after": "stall", "does": "retry", "within": "30s"}},
              {"sessions": {"missing": 0, "changing": 0, "shared": 0}},
              {"idempotence": {"repeats": 0, "by": "header:X-Tenant", "story": "$.requestId"}},
            ]}
            """
        let (expectations, mistakes) = ExpectationFile.read(Array(text.utf8), fileName: "e.json")
        #expect(mistakes.isEmpty, "\(mistakes)")
        #expect(
            expectations.map(\.kind) == [
                "calls", "breaker", "backoff", "tokenRefresh", "amplification", "order", "quiet", "stream", "sessions",
                "idempotence",
            ])
        #expect(expectations.map(\.by).filter { $0 == .principal }.count == 2)
        #expect(expectations[5].by == .none && expectations[7].name == "stream")
        #expect(expectations[9].wanted.headers == ["x-tenant"] && expectations[9].wanted.paths == ["$.requestId"])
    }

    @Test(
        "a mistake has its place and says what to do",
        arguments: [
            (#"{"expect": []}"#, "e.json:1:12: expect: the list is empty"),
            (#"{"expekt": [{}]}"#, "\"expect\" is missing"),
            (#"{"expect": [{"name": "a"}]}"#, "e.json:1:13: expect[0]: there is no expectation here"),
            (#"{"expect": [{"braker": {}}]}"#, "did you mean \"breaker\"?"),
            (#"{"expect": [{"calls": {"count": 1}, "quiet": {}}]}"#, "this entry is a \"calls\" already"),
            (#"{"expect": [{"calls": {"count": 1, "mach": {}}}]}"#, "did you mean \"match\"?"),
            (#"{"expect": [{"calls": {"count": {"min": 3, "max": 2}}}]}"#, "the least, 3, is more than the most, 2"),
            (#"{"expect": [{"calls": {"count": -1}}]}"#, "a count is not negative"),
            (#"{"expect": [{"calls": {}}]}"#, "\"count\" is missing"),
            (#"{"expect": [{"calls": {"count": 1, "by": "colour"}}]}"#, "\"colour\" tells no callers apart"),
            (#"{"expect": [{"calls": {"count": 1, "match": {"status": "6xx"}}}]}"#, "\"6xx\" is none of 404, 4xx"),
            (#"{"expect": [{"breaker": {"opensAfter": 5}}]}"#, "\"openFor\" is missing"),
            (#"{"expect": [{"breaker": {"opensAfter": 0, "openFor": "1s"}}]}"#, "not a whole number"),
            (#"{"expect": [{"breaker": {"preset": "hystrix"}}]}"#, "not one of pybreaker"),
            (#"{"expect": [{"breaker": {"preset": "pybreaker", "probes": "all"}}]}"#, "not one of any"),
            (#"{"expect": [{"breaker": {"preset": "pybreaker", "tolerance": "150%"}}]}"#, "below 100 %"),
            (#"{"expect": [{"breaker": {"preset": "pybreaker", "failures": ["slow"]}}]}"#, "\"slow\" is no failure"),
            (#"{"expect": [{"breaker": {"counts": {"window": "10s"}, "openFor": "1s"}}]}"#, "\"rate\" is missing"),
            (
                #"{"expect": [{"calls": {"match": {"since": 10, "until": 5}, "count": 0}}]}"#,
                "1:56: expect[0].calls.match.until: no call is after \"since\" and not after \"until\""
            ),
            (
                #"{"expect": [{"calls": {"match": {"until": "2026-01-15T11:00:00Z", "since": "2026-01-15T12:00:00Z"}, "count": 0}}]}"#,
                "no call is after"
            ),
            (
                #"{"expect": [{"calls": {"match": {"rule": "a", "unmatched": true}, "count": 0}}]}"#,
                "what nothing answers has no rule"
            ),
            (#"{"expect": [{"backoff": {"policy": "constant", "base": "0s"}}]}"#, "waits that begin with nothing"),
            (#"{"expect": [{"backoff": {"policy": "full-jiter"}}]}"#, "did you mean \"full-jitter\"?"),
            (#"{"expect": [{"backoff": {"policy": "stamina", "hints": "both"}}]}"#, "has no hints to choose"),
            (#"{"expect": [{"backoff": {"base": "1s"}}]}"#, "there is no \"policy\" that this belongs to"),
            (
                #"{"expect": [{"backoff": {"policy": "exponential", "base": "10s", "cap": "5s"}}]}"#,
                "shorter than the base"
            ),
            (#"{"expect": [{"backoff": {"policy": "exponential", "factor": 0}}]}"#, "above 0"),
            (#"{"expect": [{"backoff": {"policy": "none", "story": "X-Id"}}]}"#, "write \"header:NAME\""),
            (#"{"expect": [{"amplification": {"max": 0.5}}]}"#, "at least 1 attempt"),
            (#"{"expect": [{"order": [{"agent": "a"}]}]}"#, "at least two steps"),
            (#"{"expect": [{"order": [{"agent": "a"}, {"status": 200}]}]}"#, "step 2 looks at the answer"),
            (#"{"expect": [{"quiet": {"from": "noon", "for": "1s"}}]}"#, "\"noon\" is no beginning"),
            (#"{"expect": [{"stream": {"after": "cut", "does": "wait"}}]}"#, "nothing to wait for"),
            (#"{"expect": [{"stream": {"after": "cut"}}]}"#, "\"does\" is missing"),
            (#"{"expect": [{"sessions": {"missing": "none"}}]}"#, "expected a number"),
            ("{\"expect\": [\n  {\"calls\": {\"count\": 1, \"x\": 1}}]}", "e.json:2:26: expect[0].calls.x"),
        ])
    func mistake(_ text: String, _ message: String) {
        let found = mistakes(text)
        #expect(found.contains { $0.contains(message) }, "\(found)")
        #expect(ExpectationFile.read(Array(text.utf8), fileName: "e.json").0.isEmpty)
    }

    @Test("a match that can fit nothing in the library is a mistake, one that fits is none")
    func unknown() {
        let known = KnownNames(
            agents: ["arn:aws:bedrock-agentcore:us-east-1:1:runtime/search-ABC"], operations: ["InvokeAgentRuntime"],
            rules: ["sushi"])
        func found(_ match: String, _ known: KnownNames) -> [String] {
            mistakes(#"{"expect": [{"calls": {"match": {\#(match)}, "count": 1}}]}"#, known: known)
        }
        for match in [#""agent": "*pdf*""#, #""operation": "Stop*""#, #""rule": "sushy""#] {
            #expect(found(match, known).first?.contains("can fit no") == true)
        }
        #expect(found(#""agent": "search-*", "operation": "Invoke*", "rule": "s*""#, known).isEmpty)
        #expect(found(#""rule": "sushy""#, known).first?.contains("did you mean \"sushi\"?") == true)
        #expect(found(#""agent": "anything""#, KnownNames(agents: ["*"], operations: [], rules: [])).isEmpty)
    }
}
