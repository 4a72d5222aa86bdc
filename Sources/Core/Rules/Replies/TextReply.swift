import Fields
import JSON

/// `text`: a text, which is a template.
package struct TextReply: ReplyKind {
    package static let word = "text"
    package static let columns = [StoredColumn("text", .text, isNeeded: true)]
    private let text: String

    package init(_ text: String) { self.text = text }

    package init?(_ fields: inout FieldReader) {
        guard let text = fields.text(Self.word, .template) else { return nil }
        self.text = text
    }

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        guard let text = stored[0]?.text else { return nil }
        self.text = text
    }

    package var written: Value { .string(text) }
    package var stored: [StoredValue?] { [.text(text)] }
    package var contentType: String? { "text/plain; charset=utf-8" }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody {
        TextBody(template: try Template(text))
    }
}

private struct TextBody: ReadyBody {
    let template: Template

    var constantBody: RenderedReply.Body? { template.constant.map { .bytes(Array($0.utf8)) } }

    func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body {
        var bytes: [UInt8] = []
        situation.append(template, to: &bytes, header)
        return .bytes(bytes)
    }
}

extension ReplyKind where Self == TextReply {
    package static func text(_ text: String) -> Self { Self(text) }
}
