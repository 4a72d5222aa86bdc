import Bytes
import Delivery
import JSON
import Support
import Testing
import Time

@testable import Rules

@Suite("The rule book") struct RuleBookTests {
    @Test("rules are tried in order, the first match wins")
    func order() throws {
        let conversation = try Conversation(
            #"""
            {"name": "one", "when": {"payload": [{"path": "$.prompt", "contains": "a"}]}, "reply": {"text": "1"}},
            {"name": "two", "reply": {"text": "2"}},
            {"name": "three", "reply": {"text": "3"}}
            """#)
        #expect(conversation.text(#"{"prompt": "abc"}"#) == "1")
        #expect(conversation.text(#"{"prompt": "xyz"}"#) == "2")
        #expect(conversation.text("no JSON at all") == "2")
    }

    @Test("a rule more does not change whether another one holds, also for a body that is no JSON")
    func independent() throws {
        let rule =
            #"{"name": "sushi", "when": {"payload": [{"path": "$.prompt", "equals": "sushi"}]}, "reply": {"echo": true}}"#
        let other = #"{"when": {"payload": [{"path": "$.absent", "exists": true}]}, "reply": {"text": "x"}}"#
        for body in [#"{"prompt":"sushi""#, #"{"prompt":"sushi"} and more"#, #"{"prompt":"sushi"}"#] {
            let alone = try Conversation(rule).rule(body)
            #expect(try Conversation("\(other), \(rule)").rule(body) == alone, "\(body)")
            #expect(alone == (body.hasSuffix("}") ? "sushi" : nil))
        }
    }

    @Test("a session walks from state to state")
    func states() throws {
        let conversation = try Conversation(
            #"""
            {"name": "first", "when": {"state": "start"}, "then": "asked", "reply": {"echo": true}},
            {"name": "again", "when": {"state": "asked", "call": "3"}, "then": "start", "reply": {"echo": true}},
            {"name": "stay", "reply": {"echo": true}}
            """#)
        #expect((0..<5).map { _ in conversation.rule("{}") } == ["first", "stay", "again", "first", "stay"])
    }

    @Test("a template sees the payload that the conditions looked at")
    func shared() throws {
        let conversation = try Conversation(
            #"""
            {"when": {"payload": [{"path": "$.a", "equals": 1}, {"path": "$.b", "equals": 2}]},
             "reply": {"text": "{{payload.a}} {{payload.b}} {{payload.c}}"}}
            """#)
        #expect(conversation.text(#"{"a": 1, "b": 2, "c": [3, {"d": null}]}"#) == #"1 2 [3, {"d": null}]"#)
    }

    @Test("a reply without templates is rendered once and shared")
    func constants() throws {
        let book = try Conversation.book(
            #"{"reply": {"json": {"a": [1, "x"]}, "status": 201, "headers": {"X-A": "b"}, "delay": "5ms"}}"#)
        let expected = RenderedReply(
            status: 201, contentType: "application/json", headers: [HeaderLine(name: "X-A", value: "b")],
            delay: 5_000_000, body: .bytes(Array(#"{"a": [1, "x"]}"#.utf8)))
        #expect(book.replies[0].constant == expected)
    }

    @Test("1,000 rules for 100 agents: an agent's candidates are its own")
    func candidates() throws {
        let rules = (0..<1_000).map { index in
            #"{"name": "r\#(index)", "agent": "agent_\#(index % 100)-*", "when": {"call": "\#(index / 100 + 1)"}, "reply": {"text": "\#(index)"}}"#
        }
        let book = try Conversation.book(rules.joined(separator: ","))
        for agent in [7, 42, 7] {
            let target = Target(agent: "agent_\(agent)-ABCDEFGHIJ", arn: "")
            let candidates = book.candidates(for: target)
            #expect(candidates.indices == Array(stride(from: agent, to: 1_000, by: 100)))
        }
        let conversation = Conversation(book, agent: "agent_42-ABCDEFGHIJ")
        #expect((1...10).map { _ in conversation.rule("") } == (0..<10).map { "r\($0 * 100 + 42)" })
    }

    @Test("the first look passes over no rule that would have answered", arguments: [1, 2, 3] as [UInt64])
    func firstLook(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let words = ["sushi", "su", "s", "quiet", "place", "é", "\\n"]
        for _ in 0..<100 {
            let rules = (0..<10).map { _ in
                let path = ["$.prompt", "$.a[0]", "$"].randomElement(using: &chance) ?? "$"
                let operation = ["equals", "contains"].randomElement(using: &chance) ?? "equals"
                let word = words.randomElement(using: &chance) ?? ""
                // One in ten asks for no text.
                if Int.random(in: 0..<10, using: &chance) == 0 {
                    return
                        #"{"when": {"payload": [{"path": "\#(path)", "exists": \#(Bool.random(using: &chance))}]}, "reply": {"json": 1}}"#
                }
                return
                    #"{"when": {"payload": [{"path": "\#(path)", "\#(operation)": "\#(word)"}]}, "reply": {"json": 1}}"#
            }
            let book = try Conversation.book(rules.joined(separator: ","))
            let question = Question(target: Target(agent: "a", arn: "a"))
            let said = (0..<3).map { _ in words.randomElement(using: &chance) ?? "s" }.joined()
            for body in [
                #"{"prompt": "\#(said)"}"#, #"{"a": ["\#(said)", "sushi"]}"#, #"{"prompt": ["sushi"]}"#, said, "",
            ] {
                var payload = Payload(Array(body.utf8))
                let expected = book.rules.firstIndex { $0.matches(question, &payload) { _ in nil } }
                var fresh = Payload(Array(body.utf8))
                let found = book.match(question, among: book.candidates(for: question.target), &fresh) { _ in nil }
                if case .rule(let index) = found { #expect(index == expected, "seed \(seed)") }
                if case .none = found { #expect(expected == nil, "seed \(seed): \(body)") }
            }
        }
    }

    @Test("random bytes as payload and headers are answered or missed, never more")
    func random() throws {
        let seed: UInt64 = 4_711
        var generator = SeededGenerator(seed: seed)
        let conversation = try Conversation(
            #"""
            {"when": {"payload": [{"path": "$.a[0].b", "matches": "x+"}, {"path": "$.c", "contains": "y"}],
             "header": {"x-h": {"matches": "."}}}, "reply": {"text": "{{payload.a}}{{header.x-h}}"}},
            {"when": {"payload": [{"path": "$", "matches": "^a"}]}, "reply": {"json": {"b": "{{payload[3]}}"}}}
            """#)
        let letters = Array(#"{}[]":,abcxy01\u "#.utf8) + [0xFF, 0x00]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &generator)]
            }
            conversation.headers = ["x-h": String(lossy: bytes)]
            let answer = conversation.ask(String(lossy: bytes))
            #expect((answer.rule == nil) == !answer.misses.isEmpty, "seed \(seed): \(bytes)")
        }
    }
}
