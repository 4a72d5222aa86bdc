import Bytes
import Delivery
import JSON
import Journal
import Library
import Emulator
import Support
import Testing
import Time

@testable import ControlAPI

@Suite("A call as something else") struct CallAsTests {
    private func text(_ stage: ControlStage, _ path: String) -> String {
        String(lossy: ControlStage.parts(of: stage.reply("GET", path).steps).body)
    }

    @Test("as a rule it answers the same call, and stands in a scenario as it is")
    func rule() throws {
        let stage = try ControlStage()
        try stage.call()
        let rule = stage.control("GET", "calls/1?as=rule").1
        #expect(rule["when"]?["payload"] == [["path": "$.prompt", "equals": "yes"]])
        #expect(rule["reply"]?["text"] == "x")
        let scenario = Value.object([.init("understudy", 1), .init("rules", [rule])])
        #expect(stage.control("PATCH", "scenario", scenario.json()).0 == 200)
        #expect(try stage.call().body == "x")
    }

    @Test("a rule asks for no secret, as the journal has none")
    func secrets() throws {
        let stage = try ControlStage()
        try stage.call(body: #"{"password":"hunter2","prompt":"yes"}"#)
        let rule = stage.control("GET", "calls/1?as=rule").1
        #expect(rule["when"]?["payload"] == [["path": "$.prompt", "equals": "yes"]])
    }

    @Test("an answer that looks like a template is kept as bytes")
    func templates() throws {
        let stage = try ControlStage(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"base64":"e3tub3R9fQ=="}}]}"#)
        try stage.call()
        #expect(stage.control("GET", "calls/1?as=rule").1["reply"]?["base64"] == "e3tub3R9fQ==")
    }

    @Test("as curl it is one command, whatever a caller wrote into it")
    func curl() throws {
        let stage = try ControlStage()
        try stage.call("/x?a='$(touch%20y)'")
        let command = text(stage, "calls/1?as=curl")
        #expect(command.hasPrefix("curl --silent --show-error --no-buffer --request POST "))
        #expect(command.contains(#"--data-raw '{"prompt":"yes"}'"#))
        #expect(command.hasSuffix(#"'http://localhost/x?a='\''$(touch%20y)'\'''"# + "\n"))
        #expect(CallAsCurl.quoted("it's") == #"'it'\''s'"# && CallAsCurl.quoted("") == "''")
    }

    @Test(
        "there are two other forms, and of calls that are there",
        arguments: ["1?as=poem", "1?as=rule&x=1", "9?as=rule"])
    func refused(path: String) throws {
        let stage = try ControlStage()
        try stage.call()
        #expect([400, 404].contains(stage.control("GET", "calls/\(path)").0))
    }

    @Test("metrics are counted by agent, operation, status and outcome, in Prometheus' words")
    func metrics() throws {
        let stage = try ControlStage()
        try stage.call()
        try stage.call("/nowhere")
        let text = text(stage, "metrics")
        let line = "understudy_calls_in_flight 2\n"
        #expect(text.contains("# TYPE understudy_calls_in_flight gauge\n" + line))
        #expect(text.contains("understudy_sessions{space=\"default\"} 1\n"))
        #expect(text.contains("understudy_journal_calls 2\n"))
        let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(names).count == names.count && names.count >= 10)
    }
}
