import Bytes
import Fields
import JSON
import WebSocketWire

/// `websocket`: a conversation. What is said when it opens, what is said to which message, and whether the rest is said
/// back.
package struct WebSocketReply: ReplyKind {
    package static let word = "websocket"

    package var open: [Message]?
    package var messages: [Answer]?
    package var echo: Bool?

    package init() {}

    /// One message. `after` counts from the one before it, or from what it answers.
    package struct Message: Equatable, Sendable {
        package enum Content: Equatable, Sendable {
            case json(Value)
            case text(String)
            case base64([UInt8])
        }

        package var content: Content
        package var after: Duration?

        package init(_ content: Content, after: Duration? = nil) { (self.content, self.after) = (content, after) }
    }

    /// What one message is answered with. Those of a conversation are tried in order, the first that fits answers.
    package struct Answer: Equatable, Sendable {
        package var when: Condition?
        /// The session's next state.
        package var then: String?
        package var send: [Message]?
        package var close: Close?

        package init() {}
    }

    package struct Close: Equatable, Sendable {
        package var code: Int
        package var reason: String?

        package init(code: Int, reason: String? = nil) { (self.code, self.reason) = (code, reason) }
    }
}

// MARK: Read and written

extension WebSocketReply {
    package init?(_ fields: inout FieldReader) {
        guard let reply = fields.object(Self.word, Self.read) else { return nil }
        self = reply
    }

    private static func read(_ fields: inout FieldReader) -> WebSocketReply? {
        var reply = WebSocketReply()
        reply.open = fields.list("open", message)
        reply.messages = fields.list("messages", answer)
        reply.echo = fields.bool("echo")
        if !["open", "messages", "echo"].contains(where: fields.has) {
            fields.refuse("the conversation says nothing", hint: "write open, messages or \"echo\": true")
        }
        return reply
    }

    private static func answer(_ fields: inout FieldReader) -> Answer? {
        var answer = Answer()
        answer.when = fields.object("when", RuleReader.condition)
        answer.then = fields.text("then", .notEmpty)
        answer.send = fields.list("send", message)
        answer.close = fields.object("close") { fields in
            let code = fields.required("code") { $0.closeCode($1) }
            let reason = fields.text("reason", .closeReason)
            return code.map { Close(code: $0, reason: reason) }
        }
        return answer
    }

    private static func message(_ fields: inout FieldReader) -> Message? {
        let words = ["json", "text", "base64"]
        var found: [Message.Content] = []
        if let node = fields.field("json") {
            TemplateSearch.check(node, path: fields.path(of: "json"), fields.mistakes)
            found.append(.json(node.value))
        }
        if let text = fields.text("text", .template) { found.append(.text(text)) }
        if let text = fields.text("base64") {
            if let bytes = Base64.standard.decode(text.utf8) {
                found.append(.base64(bytes))
            } else {
                fields.refuse("base64", "\(TextCheck.quoted(text)) is not base64")
            }
        }
        let after = fields.duration("after")
        let named = words.filter(fields.has)
        if named.isEmpty { fields.refuse("the message says nothing", hint: "write json, text or base64") }
        if named.count > 1 {
            fields.refuse(
                "a message is one of \(named.joined(separator: ", ")), not several", hint: "leave one of them out")
        }
        return found.count == 1 ? Message(found[0], after: after) : nil
    }

    package var written: Value {
        var fields = FieldWriter()
        fields.add("open", open.map { .array($0.map(\.written)) })
        fields.add("messages", messages.map { .array($0.map(\.written)) })
        fields.add("echo", echo)
        return fields.object
    }

    package var contentType: String? { nil }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody {
        try CompiledConversation(self)
    }
}

extension WebSocketReply.Message {
    fileprivate var written: Value {
        var fields = FieldWriter()
        switch content {
        case .json(let value): fields.add("json", value)
        case .text(let text): fields.add("text", text)
        case .base64(let bytes): fields.add("base64", Base64.standard.encode(bytes))
        }
        fields.add("after", after)
        return fields.object
    }
}

extension WebSocketReply.Answer {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("when", when?.written)
        fields.add("then", then)
        fields.add("send", send.map { .array($0.map(\.written)) })
        if let close {
            var parts = FieldWriter()
            parts.add("code", close.code)
            parts.add("reason", close.reason)
            fields.add("close", parts.object)
        }
        return fields.object
    }
}

extension FieldReader {
    /// A code that may stand in a close frame (RFC 6455 7.4).
    package mutating func closeCode(_ name: String) -> Int? {
        guard let code = integer(name, 1_000...4_999) else { return nil }
        guard CloseCode(rawValue: UInt16(code)).mayBeSent else {
            refuse(
                name, "\(code) cannot stand in a close frame",
                hint: "there are 1000 to 1003, 1007 to 1014, and 3000 to 4999")
            return nil
        }
        return code
    }
}

extension TextCheck {
    /// 5.5: a control frame has 125 bytes at most, of which the code takes two.
    package static let closeReason = TextCheck { text in
        if text.utf8.count > 123 { return Problem(message: "is longer than the 123 bytes that a close frame holds") }
        return TextCheck.template.problem(text)
    }
}

// MARK: Stored

extension WebSocketReply {
    package static let columns = [
        StoredColumn("socket_open", .json), StoredColumn("socket_messages", .json),
        StoredColumn("socket_echo", .truth),
    ]

    package var stored: [StoredValue?] {
        let written = written
        return [written["open"].map { .json($0) }, written["messages"].map { .json($0) }, echo.map { .truth($0) }]
    }

    /// Lists are kept as JSON, and read as in a scenario file.
    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        var members: [Value.Member] = []
        if let open = stored[0]?.json { members.append(.init("open", open)) }
        if let messages = stored[1]?.json { members.append(.init("messages", messages)) }
        if let echo = stored[2]?.truth { members.append(.init("echo", .bool(echo))) }
        let mistakes = MistakeList()
        var fields = FieldReader(members, path: .top, mistakes)
        guard let reply = Self.read(&fields), mistakes.count == 0 else { return nil }
        self = reply
    }
}

extension ReplyKind where Self == WebSocketReply {
    package static func websocket(_ reply: WebSocketReply) -> Self { reply }
}
