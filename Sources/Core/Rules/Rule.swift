import Fields
import JSON

/// When → reply.
package struct Rule: Equatable, Sendable {
    package var name: String?
    package var agent: String?
    package var qualifier: String?
    package var operation: String?
    package var when: Condition?
    /// The session's next state.
    package var then: String?
    package var reply: Reply

    /// What a rule that names no operation answers.
    static let usualOperation = "InvokeAgentRuntime"

    package init(
        name: String? = nil, agent: String? = nil, qualifier: String? = nil, operation: String? = nil,
        when: Condition? = nil, then: String? = nil, reply: Reply
    ) {
        (self.name, self.agent, self.qualifier, self.operation) = (name, agent, qualifier, operation)
        (self.when, self.then, self.reply) = (when, then, reply)
    }
}

package struct Condition: Equatable, Sendable {
    package var payload: [PayloadTest] = []
    package var header: [HeaderTest] = []
    package var session: String?
    package var user: String?
    package var call: String?
    package var state: String?

    package init(session: String? = nil, user: String? = nil, call: String? = nil, state: String? = nil) {
        (self.session, self.user, self.call, self.state) = (session, user, call, state)
    }
}

package struct PayloadTest: Equatable, Sendable {
    package var path: String
    package var comparison: Comparison

    package init(path: String, comparison: Comparison) {
        self.path = path
        self.comparison = comparison
    }
}

package struct HeaderTest: Equatable, Sendable {
    package var name: String
    package var comparison: Comparison

    package init(name: String, comparison: Comparison) {
        self.name = name
        self.comparison = comparison
    }
}

/// Why a part of a rule means nothing: said where no file's reader has looked before.
package struct RuleMistake: Error, Equatable {
    package var message: String

    package init(_ message: String) { self.message = message }
}

/// `rules[…]`: when → reply.
package enum RuleReader {
    package static func read(_ fields: inout FieldReader, operation: TextCheck) -> Rule? {
        let name = fields.text("name", .notEmpty)
        let agent = fields.text("agent", .glob)
        let qualifier = fields.text("qualifier", .glob)
        let named = fields.text("operation", operation)
        let when = fields.object("when", condition)
        let then = fields.text("then", .notEmpty)
        guard fields.required("reply") != nil, let reply = fields.object("reply", ReplyReader.read) else { return nil }
        if reply.kind is WebSocketReply, named == nil || named == Rule.usualOperation {
            fields.refuse(
                "reply", "a conversation answers no \(Rule.usualOperation)",
                hint: "write \"operation\": \"InvokeAgentRuntimeWithWebSocketStream\" beside it")
        }
        return Rule(
            name: name, agent: agent, qualifier: qualifier, operation: named, when: when, then: then, reply: reply)
    }

    static func condition(_ fields: inout FieldReader) -> Condition? {
        var condition = Condition()
        condition.payload =
            fields.list("payload") { fields in
                let path = fields.requiredText("path", .jsonPath)
                let comparison = Comparison(&fields)
                return path.map { PayloadTest(path: $0, comparison: comparison) }
            } ?? []
        condition.header = headers(&fields)
        condition.session = fields.text("session", .glob)
        condition.user = fields.text("user", .glob)
        condition.call = fields.text("call", .call)
        condition.state = fields.text("state", .notEmpty)
        return condition
    }

    /// `{"X-Name": "text"}` is short for `{"X-Name": {"equals": "text"}}`.
    private static func headers(_ fields: inout FieldReader) -> [HeaderTest] {
        let tests = fields.object("header") { fields -> [HeaderTest] in
            var tests: [HeaderTest] = []
            var names: Set<String> = []
            for member in fields.others {
                if !names.insert(member.name.lowercased()).inserted {
                    fields.refuse(
                        member.name, "this field is compared twice", hint: "names have no upper and lower case")
                }
                if let problem = TextCheck.headerName.problem(member.name) {
                    fields.refuse(member.name, problem.message)
                }
                if let test = header(member.name, &fields) { tests.append(test) }
            }
            return tests
        }
        return tests ?? []
    }

    private static func header(_ name: String, _ fields: inout FieldReader) -> HeaderTest? {
        fields.either(name, expected: "a string or a comparison such as {\"contains\": …}") { fields in
            fields.text(name).map { HeaderTest(name: name, comparison: Comparison(Equals(.string($0)))) }
        } object: { fields in
            fields.object(name) { fields in
                let comparison = Comparison(&fields)
                for one in comparison.operators {
                    guard let problem = one.headerProblem else { continue }
                    fields.refuse(type(of: one).word, problem, hint: "header fields are texts")
                }
                return HeaderTest(name: name, comparison: comparison)
            }
        }
    }
}

extension Rule {
    package var written: Value {
        var fields = FieldWriter()
        fields.add("name", name)
        fields.add("agent", agent)
        fields.add("qualifier", qualifier)
        fields.add("operation", operation)
        fields.add("when", when?.written)
        fields.add("then", then)
        fields.add("reply", reply.written)
        return fields.object
    }
}

extension Condition {
    var written: Value {
        var fields = FieldWriter()
        fields.add("payload", list: payload) { test in
            var fields = FieldWriter()
            fields.add("path", test.path)
            test.comparison.write(to: &fields)
            return fields.object
        }
        if !header.isEmpty {
            var headers = FieldWriter()
            for test in header {
                var fields = FieldWriter()
                test.comparison.write(to: &fields)
                headers.add(test.name, fields.object)
            }
            fields.add("header", headers.object)
        }
        fields.add("session", session)
        fields.add("user", user)
        fields.add("call", call)
        fields.add("state", state)
        return fields.object
    }
}

extension TextCheck {
    static let jsonPath = TextCheck { text in
        do throws(PathError) {
            _ = try Path(text)
            return nil
        } catch {
            return Problem(message: "\(quoted(text)) is not a path, \(error.description)")
        }
    }
}
