import Fields
import JSON

/// `json`: a JSON value, its strings templates. Spaced as Python's `json.dumps` and so the AgentCore SDK's container
/// writes.
package struct JSONReply: ReplyKind {
    package static let word = "json"
    package static let columns = [StoredColumn("json", .json, isNeeded: true)]
    private let value: Value

    package init(_ value: Value) { self.value = value }

    package init?(_ fields: inout FieldReader) {
        guard let node = fields.field(Self.word) else { return nil }
        TemplateSearch.check(node, path: fields.path(of: Self.word), fields.mistakes)
        value = node.value
    }

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        guard let value = stored[0]?.json else { return nil }
        self.value = value
    }

    package var written: Value { value }
    package var stored: [StoredValue?] { [.json(value)] }
    package var contentType: String? { ContentType.json }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody { try CompiledJSON(value) }
}

extension ReplyKind where Self == JSONReply {
    package static func json(_ value: Value) -> Self { Self(value) }
}
