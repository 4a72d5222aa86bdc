import Bytes
import Fields
import JSON

/// `base64`: any bytes.
package struct Base64Reply: ReplyKind {
    package static let word = "base64"
    package static let columns = [StoredColumn("bytes", .bytes, isNeeded: true)]
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init?(_ fields: inout FieldReader) {
        guard let text = fields.text(Self.word) else { return nil }
        guard let bytes = Base64.standard.decode(text.utf8) else {
            fields.refuse(
                Self.word, "\(TextCheck.quoted(text)) is not base64",
                hint: "RFC 4648 section 4: A-Z a-z 0-9 + / and = at the end")
            return nil
        }
        self.bytes = bytes
    }

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        guard let bytes = stored[0]?.bytes else { return nil }
        self.bytes = bytes
    }

    package var written: Value { .string(Base64.standard.encode(bytes)) }
    package var stored: [StoredValue?] { [.bytes(bytes)] }
    package var contentType: String? { ContentType.bytes }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody {
        RenderedReply.Body.bytes(bytes)
    }
}

extension ReplyKind where Self == Base64Reply {
    package static func base64(_ bytes: [UInt8]) -> Self { Self(bytes) }
}
