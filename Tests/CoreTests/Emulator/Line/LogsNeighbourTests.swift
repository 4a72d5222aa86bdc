import JSON
import Journal
import Library
import Testing
import Time

/// Over a journal of calls that were really made on the stage.
@Suite("CloudWatch Logs over the journal") struct LogsNeighbourTests {
    private let stage: Stage
    private static let group = "/aws/bedrock-agentcore/runtimes/hosted_agent-Ab12Cd34Ef-DEFAULT"

    init() throws {
        stage = try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "endpoints": ["*"]"#,
                more: #""credentials": [{"accessKeyId": "test", "secretAccessKey": "test"}],"#))
    }

    private func invoke(_ words: String, session: String) throws {
        let event = CallEvent()
        let reply = try stage.invoke(#"{"prompt":"\#(words)"}"#, session: "\(session)-0123456789-0123456789-0123456789")
        event.setArrival(of: reply.call)
        let isKept = stage.journal.append(event)
        #expect(isKept)
        stage.now = stage.now + .seconds(1)
    }

    /// The same is found in however many pieces it is looked for.
    private func logs(_ operation: String, _ body: String) throws -> Value {
        let answers = try [Int.max, 1, 3].map { looks in
            stage.looks = looks
            let reply = try stage.ask("logs", "POST", "/", [("X-Amz-Target", "Logs_20140328.\(operation)")], body)
            return try #require(reply.json)
        }
        #expect(answers[1] == answers[0] && answers[2] == answers[0])
        return answers[0]
    }

    @Test("no more of a long journal is looked at in one turn than is allowed, whatever is asked")
    func pieces() throws {
        for number in 0..<50 { try invoke("n\(number)", session: "one") }
        let stream = "[runtime-logs] one-0123456789-0123456789-0123456789"
        let group = #""logGroupName":"\#(Self.group)""#
        for (operation, body) in [
            ("DescribeLogGroups", "{}"), ("DescribeLogStreams", "{\(group)}"), ("FilterLogEvents", "{\(group)}"),
            ("GetLogEvents", #"{\#(group),"logStreamName":"\#(stream)"}"#),
        ] {
            let target = ("X-Amz-Target", "Logs_20140328.\(operation)")
            guard case .read(let reading) = try stage.answer("POST", "/", [target], body)
            else {
                Issue.record("\(operation) is answered without the journal")
                continue
            }
            for _ in 0..<4 {
                var budget = 10
                let isAnswered = reading.answer(from: stage.journal, budget: &budget) != nil
                #expect(budget == 0 && !isAnswered, "\(operation)")
            }
        }
    }

    private func prompts(_ told: Value) -> [String] {
        (told["events"]?.array ?? []).compactMap { event in
            let call = event["message"]?.text.flatMap { try? Value.parse($0) }
            return call?["request"]?["body"]?.text.flatMap { try? Value.parse($0) }?["prompt"]?.text
        }
    }

    @Test("an agent that nobody called has no log; one that was called has a stream for each session")
    func streams() throws {
        #expect(try logs("DescribeLogGroups", "{}")["logGroups"]?.array == [])
        try invoke("a", session: "one")
        try invoke("b", session: "two")
        try invoke("c", session: "one")
        let groups = try logs("DescribeLogGroups", "{}")["logGroups"]?.array ?? []
        #expect(groups.compactMap { $0["logGroupName"]?.text } == [Self.group])
        let told = try logs("DescribeLogStreams", #"{"logGroupName":"\#(Self.group)","orderBy":"LastEventTime"}"#)
        let names = (told["logStreams"]?.array ?? []).compactMap { $0["logStreamName"]?.text }
        #expect(names.map { String($0.prefix(18)) } == ["[runtime-logs] two", "[runtime-logs] one"])
        let first = told["logStreams"]?[1]
        #expect(first?["firstEventTimestamp"]?.integer == 1_768_478_400_000)
        #expect(first?["lastEventTimestamp"]?.integer == 1_768_478_402_000)
    }

    @Test("events are found by time, by stream and by what they hold, in either direction")
    func filtering() throws {
        for words in ["red fish", "blue fish", "one \\\"quoted\\\" word"] { try invoke(words, session: "one") }
        try invoke("red fish", session: "two")
        func found(_ more: String) throws -> [String] {
            prompts(try logs("FilterLogEvents", #"{"logGroupName":"\#(Self.group)"\#(more)}"#))
        }
        #expect(try found("").count == 4)
        #expect(try found(#","filterPattern":"fish red""#).count == 2)
        #expect(try found(#","filterPattern":"\"blue fish\"""#) == ["blue fish"])
        #expect(try found(#","filterPattern":"fish -red""#) == ["blue fish"])
        #expect(try found(#","filterPattern":"?blue ?quoted""#).count == 2)
        #expect(try found(#","startTime":1768478401000,"endTime":1768478401000"#) == ["blue fish"])
        #expect(try found(#","logStreamNamePrefix":"[runtime-logs] two""#) == ["red fish"])
        #expect(try found(#","startFromHead":false,"limit":1"#) == ["red fish"])
    }

    @Test("pages follow one another, and a token of another group is none")
    func pages() throws {
        for number in 0..<5 { try invoke("n\(number)", session: "one") }
        var (seen, token) = ([String](), nil as String?)
        for _ in 0..<4 {
            let next = token.map { #","nextToken":"\#($0)""# } ?? ""
            let told = try logs("FilterLogEvents", #"{"logGroupName":"\#(Self.group)","limit":2\#(next)}"#)
            seen += prompts(told)
            token = told["nextToken"]?.text
            if token == nil { break }
        }
        #expect(seen == ["n0", "n1", "n2", "n3", "n4"] && token == nil)
        let wrong = try logs("FilterLogEvents", #"{"logGroupName":"\#(Self.group)","nextToken":"Zjp4"}"#)
        #expect(wrong["message"]?.text == "The specified nextToken is invalid.")
    }

    @Test("a stream is read from its end, back and forth, and its end is where it stays")
    func reading() throws {
        for number in 0..<5 { try invoke("n\(number)", session: "one") }
        let stream = "[runtime-logs] one-0123456789-0123456789-0123456789"
        func page(_ more: String) throws -> Value {
            try logs(
                "GetLogEvents", #"{"logGroupName":"\#(Self.group)","logStreamName":"\#(stream)","limit":2\#(more)}"#)
        }
        let last = try page("")
        #expect(prompts(last) == ["n3", "n4"])
        let back = try #require(last["nextBackwardToken"]?.text)
        let before = try page(#","nextToken":"\#(back)""#)
        #expect(prompts(before) == ["n1", "n2"])
        let forward = try #require(before["nextForwardToken"]?.text)
        #expect(prompts(try page(#","nextToken":"\#(forward)""#)) == ["n3", "n4"])
        let end = try #require(last["nextForwardToken"]?.text)
        #expect(try page(#","nextToken":"\#(end)""#)["nextForwardToken"]?.text == end)
        #expect(prompts(try page(#","startFromHead":true"#)) == ["n0", "n1"])
        #expect(try page(#","nextToken":"x/1/s""#)["__type"]?.text == "InvalidParameterException")
        #expect(end.utf8.count == 60 && end.hasPrefix("f/0") && end.hasSuffix("/s"))
    }

    @Test(
        "what cannot be meant is refused in the service's words",
        arguments: [
            ("FilterLogEvents", #""logGroupName":"/x""#, "ResourceNotFoundException", "log group does not exist"),
            ("GetLogEvents", #""logGroupName":"G","logStreamName":"x""#, "ResourceNotFoundException", "log stream"),
            ("GetLogEvents", #""logGroupName":"G""#, "InvalidParameterException", "'logStreamName' failed"),
            ("FilterLogEvents", "", "InvalidParameterException", "must be provided"),
            ("FilterLogEvents", #""logGroupName":"G","limit":0"#, "InvalidParameterException", "'0' at 'limit'"),
            (
                "FilterLogEvents", #""logGroupName":"G","filterPattern":"{ $.a = 1 }""#, "InvalidParameterException",
                "Invalid filter pattern"
            ),
            (
                "FilterLogEvents", #""logGroupName":"G","filterPattern":"\"open""#, "InvalidParameterException",
                "Invalid filter pattern"
            ),
            (
                "FilterLogEvents", #""logGroupName":"G","filterPattern":"-""#, "InvalidParameterException",
                "Invalid filter pattern"
            ),
            (
                "DescribeLogStreams", #""logGroupName":"G","orderBy":"Size""#, "InvalidParameterException",
                "enum value set"
            ),
            (
                "DescribeLogStreams", #""logGroupName":"G","orderBy":"LastEventTime","logStreamNamePrefix":"a""#,
                "InvalidParameterException", "Cannot order by LastEventTime"
            ),
            (
                "DescribeLogGroups", #""logGroupNamePrefix":"a","logGroupNamePattern":"b""#,
                "InvalidParameterException", "mutually exclusive"
            ),
            ("PutLogEvents", "", "UnknownOperationException", "PutLogEvents is not served here"),
        ])
    func refused(operation: String, body: String, type: String, words: String) throws {
        try invoke("a", session: "one")
        let told = try logs(operation, "{\(body.replacing(#""G""#, with: "\"\(Self.group)\""))}")
        #expect(told["__type"]?.text == type)
        #expect(told["message"]?.text?.contains(words) == true, "\(told)")
    }
}
