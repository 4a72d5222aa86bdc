import Fields
import JSON

/// One kind of answer: what stands behind its word, how that is read, written and stored, and what a call gets. One file
/// each, below `Replies/`.
package protocol ReplyKind: Equatable, Sendable {
    static var word: String { get }

    /// Reads the field of its word, which is there. Nil, and noted, when it means nothing.
    init?(_ fields: inout FieldReader)
    var written: Value { get }

    /// The columns of `replies` that keep it, and those of `frames`, of which a reply may have many rows.
    static var columns: [StoredColumn] { get }
    static var frameColumns: [StoredColumn] { get }
    init?(stored: [StoredValue?], frames: [[StoredValue?]])
    var stored: [StoredValue?] { get }
    var storedFrames: [[StoredValue?]] { get }

    /// The content type of a reply that names none.
    var contentType: String? { get }
    /// The file that it sends, as the path is written.
    var fileName: String? { get }
    /// What is made of it for each call. `files` are the bytes of the files that replies name.
    func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody
}

extension ReplyKind {
    package static var columns: [StoredColumn] { [] }
    package static var frameColumns: [StoredColumn] { [] }
    package var stored: [StoredValue?] { [] }
    package var storedFrames: [[StoredValue?]] { [] }
    package var fileName: String? { nil }

    fileprivate func isSame(_ other: any ReplyKind) -> Bool { (other as? Self) == self }
}

/// The catalogue.
package enum ReplyKinds {
    package static let all: [any ReplyKind.Type] = [
        JSONReply.self,
        TextReply.self,
        Base64Reply.self,
        FileReply.self,
        StreamReply.self,
        EchoReply.self,
        ErrorReply.self,
        AgentErrorReply.self,
        WebSocketReply.self,
    ]
}

/// What answers a call: one of the kinds, and what all of them take.
package struct Reply: Equatable, Sendable {
    package var kind: any ReplyKind
    package var status: Int?
    package var headers: [HeaderLine]?
    package var contentType: String?
    package var delay: Duration?

    package init(_ kind: some ReplyKind) { self.kind = kind }
    package init(
        any kind: any ReplyKind, status: Int? = nil, headers: [HeaderLine]? = nil, contentType: String? = nil,
        delay: Duration? = nil
    ) {
        (self.kind, self.status, self.headers) = (kind, status, headers)
        (self.contentType, self.delay) = (contentType, delay)
    }

    package static func == (left: Reply, right: Reply) -> Bool {
        left.kind.isSame(right.kind) && left.status == right.status && left.headers == right.headers
            && left.contentType == right.contentType && left.delay == right.delay
    }
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

/// `rules[…].reply`
enum ReplyReader {
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
        if kind is WebSocketReply {
            for name in ["status", "contentType"] where fields.has(name) {
                fields.refuse(name, "the answer that opens a conversation has its own", hint: "leave it out")
            }
        }
        guard let kind else { return nil }
        return Reply(any: kind, status: status, headers: headers, contentType: contentType, delay: delay)
    }

    private static func kind(_ fields: inout FieldReader) -> (any ReplyKind)? {
        let words = ReplyKinds.all.map { $0.word }
        let named = ReplyKinds.all.filter { fields.has($0.word) }
        for word in words { _ = fields.field(word) }
        fields.noteChoice(words)
        guard !named.isEmpty else {
            fields.refuse("the reply says nothing", hint: "write one of \(words.joined(separator: ", "))")
            return nil
        }
        if named.count > 1 {
            let names = named.map { $0.word }.joined(separator: ", ")
            fields.refuse("a reply is one of \(names), not several", hint: "leave one of them out")
        }
        let found: [(any ReplyKind)?] = named.map { $0.init(&fields) }
        return found.count == 1 ? found[0] : nil
    }

    /// A value, or a list of values for a field that stands there several times.
    private static func headers(_ fields: inout FieldReader) -> [HeaderLine]? {
        fields.object("headers") { fields -> [HeaderLine] in
            var lines: [HeaderLine] = []
            for member in fields.others {
                let name = member.name
                if let problem = TextCheck.headerName.problem(name) { fields.refuse(name, problem.message) }
                if HeaderLine.isManaged(name) { fields.refuse(name, "the server itself sets \(name)") }
                let values = fields.either(name, expected: "a string") { fields in
                    fields.text(name, headerValue).map { [$0] }
                } list: { fields in
                    fields.texts(name, atLeast: 1, headerValue)
                }
                lines += (values ?? []).map { HeaderLine(name: name, value: $0) }
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
        fields.add(type(of: kind).word, kind.written)
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
