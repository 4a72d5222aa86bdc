import Bytes
import Fields
import JSON
import Runtime

package struct Reply: Equatable, Sendable {
    package var kind: Kind
    package var status: Int?
    package var headers: [HeaderLine]?
    package var contentType: String?
    package var delay: Duration?

    package enum Kind: Equatable, Sendable {
        case json(JSON.Value)
        case text(String)
        case base64([UInt8])
        case file(String)
        case stream(Stream)
        case echo
        /// A service error by its name, with a message of one's own or the service's.
        case error(name: String, message: String?)
        /// The agent's own status: the caller sees what the platform makes of it. With the time that the agent has to
        /// begin, the failure of a new session is told when that is over.
        case agentError(status: Int, initialization: Duration? = nil)
    }

    package init(_ kind: Kind) { self.kind = kind }
}

package struct HeaderLine: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension HeaderLine {
    /// What says where the answer ends, which no reply may get wrong by accident.
    private static let managed: Set<String> = [
        "content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade",
    ]

    /// Whether the server itself sets the field of this name.
    package static func isManaged(_ name: String) -> Bool { managed.contains(name.lowercased()) }
}

/// `rules[…].reply`: one of nine kinds, and what all of them take.
enum ReplyReader {
    static let kinds = ["json", "text", "base64", "file", "stream", "echo", "error", "agentError"]

    static func read(_ fields: inout FieldReader) -> Reply? {
        let kind = kind(&fields)
        let status = fields.integer("status", 100...599)
        let headers = headers(&fields)
        let contentType = fields.text("contentType", headerValue)
        let delay = fields.duration("delay")
        if let status, status < 200 {
            fields.refuse(
                "status", "\(status) announces an answer and is none", hint: "a reply's status is 200 or more")
        }
        if contentType != nil, headers?.contains(where: { $0.name.lowercased() == "content-type" }) == true {
            fields.refuse("contentType", "the headers name a Content-Type too", hint: "leave one of them out")
        }
        guard let kind else { return nil }
        var reply = Reply(kind)
        reply.status = status
        reply.headers = headers
        reply.contentType = contentType
        reply.delay = delay
        return reply
    }

    private static func kind(_ fields: inout FieldReader) -> Reply.Kind? {
        let named = kinds.filter(fields.has)
        for name in kinds { _ = fields.field(name) }
        guard !named.isEmpty else {
            fields.refuse("the reply says nothing", hint: "write one of \(kinds.joined(separator: ", "))")
            return nil
        }
        if named.count > 1 {
            fields.refuse(
                "a reply is one of \(named.joined(separator: ", ")), not several", hint: "leave one of them out")
        }
        let found = named.map { read($0, &fields) }
        return found.count == 1 ? found[0] : nil
    }

    private static func read(_ kind: String, _ fields: inout FieldReader) -> Reply.Kind? {
        switch kind {
        case "json": json(&fields)
        case "text": fields.text("text", .template).map(Reply.Kind.text)
        case "base64": fields.text("base64", base64).flatMap { Base64.standard.decode($0.utf8) }.map(Reply.Kind.base64)
        case "file": fields.text("file", filePath).map(Reply.Kind.file)
        case "stream": fields.object("stream", StreamReader.read).map(Reply.Kind.stream)
        case "echo": echo(&fields)
        case "error": error(&fields)
        default: agentError(&fields)
        }
    }

    private static func json(_ fields: inout FieldReader) -> Reply.Kind? {
        guard let node = fields.field("json") else { return nil }
        TemplateSearch.check(node, path: fields.path.appending("json"), fields.mistakes)
        return .json(node.value)
    }

    private static func echo(_ fields: inout FieldReader) -> Reply.Kind? {
        guard let isOn = fields.bool("echo") else { return nil }
        if !isOn { fields.refuse("echo", "a reply that does not echo says nothing", hint: "write \"echo\": true") }
        return .echo
    }

    /// A name, or a name with a message of one's own.
    private static func error(_ fields: inout FieldReader) -> Reply.Kind? {
        guard let node = fields.field("error") else { return nil }
        if node.members != nil {
            return fields.object("error") { fields in
                let message = fields.text("message", .template)
                return fields.requiredText("name", .serviceError).map { .error(name: $0, message: message) }
            }
        }
        guard node.text != nil else {
            fields.refuseKind("error", node, expected: "an error's name, or an object with name and message")
            return nil
        }
        return fields.text("error", .serviceError).map { .error(name: $0, message: nil) }
    }

    private static func agentError(_ fields: inout FieldReader) -> Reply.Kind? {
        guard let node = fields.field("agentError") else { return nil }
        if node.members != nil {
            return fields.object("agentError") { fields in
                let initialization = initialization(&fields)
                guard fields.required("status") != nil, let status = fields.integer("status", 400...599) else {
                    return nil
                }
                if status < 500, initialization != nil {
                    fields.refuse(
                        "initialization", "only a status of 500 or more counts as a failed initialization",
                        hint: "leave it out")
                }
                return .agentError(status: status, initialization: initialization)
            }
        }
        return fields.integer("agentError", 400...599).map { .agentError(status: $0) }
    }

    /// How long the agent has to begin: a duration, or `true` for the platform's.
    private static func initialization(_ fields: inout FieldReader) -> Duration? {
        let name = "initialization"
        if let isOn = fields.field(name)?.bool { return isOn ? platformInitialization : nil }
        return fields.duration(name)
    }

    /// Observed of agents in containers (wire reference 2.3).
    private static let platformInitialization = Duration.seconds(120)

    /// A value, or a list of values for a field that stands there several times.
    private static func headers(_ fields: inout FieldReader) -> [HeaderLine]? {
        fields.object("headers") { fields -> [HeaderLine] in
            var lines: [HeaderLine] = []
            for member in fields.others {
                let name = member.name
                if let problem = TextCheck.headerName.problem(name) { fields.refuse(name, problem.message) }
                if HeaderLine.isManaged(name) { fields.refuse(name, "the server itself sets \(name)") }
                let values =
                    member.node.array != nil
                    ? fields.texts(name, atLeast: 1, headerValue) ?? []
                    : fields.text(name, headerValue).map { [$0] } ?? []
                lines += values.map { HeaderLine(name: name, value: $0) }
            }
            return lines
        }
    }

    /// RFC 9110 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous".
    private static let headerValue = TextCheck { text in
        if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            return TextCheck.Problem(message: "the value of a header field holds no control characters")
        }
        return TextCheck.template.problem(text)
    }

    private static let base64 = TextCheck(
        { "\(TextCheck.quoted($0)) is not base64" }, hint: "RFC 4648 section 4: A-Z a-z 0-9 + / and = at the end"
    ) { Base64.standard.decode($0.utf8) != nil }

    private static let filePath = TextCheck({ "\(TextCheck.quoted($0)) cannot be the path of a file" }) { text in
        !text.isEmpty && !text.utf8.contains(0) && text.utf8.last != UInt8(ascii: "/")
    }
}

/// Looks for templates in every string of a JSON value.
enum TemplateSearch {
    static func check(_ node: Node, path: FieldPath, _ mistakes: MistakeList) {
        switch node.content {
        case .string(let text):
            guard let problem = TextCheck.template.problem(text) else { return }
            mistakes.add(problem.message, hint: problem.hint, at: node.offset, path: path)
        case .array(let elements):
            for (index, element) in elements.enumerated() { check(element, path: path.appending(index), mistakes) }
        case .object(let members):
            for member in members { check(member.node, path: path.appending(member.name), mistakes) }
        case .null, .bool, .number: break
        }
    }
}

extension Reply {
    package var written: Value {
        var fields = FieldWriter()
        switch kind {
        case .json(let value): fields.add("json", value)
        case .text(let text): fields.add("text", text)
        case .base64(let bytes): fields.add("base64", Base64.standard.encode(bytes))
        case .file(let path): fields.add("file", path)
        case .stream(let stream): fields.add("stream", stream.written)
        case .echo: fields.add("echo", true)
        case .error(let name, nil): fields.add("error", name)
        case .error(let name, .some(let message)):
            fields.add("error", .object([.init("name", .string(name)), .init("message", .string(message))]))
        case .agentError(let status, nil): fields.add("agentError", status)
        case .agentError(let status, .some(let time)):
            fields.add(
                "agentError", .object([.init("status", Value(status)), .init("initialization", .string(time.text))]))
        }
        fields.add("status", status)
        fields.add("headers", headers.map(Self.written))
        fields.add("contentType", contentType)
        fields.add("delay", delay)
        return fields.object
    }

    /// Fields of one name become one list, where the first of them stands.
    private static func written(_ lines: [HeaderLine]) -> Value {
        var names: [String] = []
        var values: [String: [Value]] = [:]
        for line in lines {
            if values[line.name] == nil { names.append(line.name) }
            values[line.name, default: []].append(.string(line.value))
        }
        return .object(
            names.map { name in
                let found = values[name] ?? []
                return Value.Member(name, found.count == 1 ? found[0] : .array(found))
            })
    }
}

extension TextCheck {
    static let serviceError = TextCheck { text in
        if ServiceError.named(text) != nil { return nil }
        let names = ServiceError.catalogue.map(\.name)
        return Problem(
            message: "\(quoted(text)) is no error of the service",
            hint: NearName.hint(for: text, among: names) ?? "there are \(names.joined(separator: ", "))")
    }
}
