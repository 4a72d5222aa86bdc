import Fields
import JSON

/// `file`: the bytes of a file beside the scenario, or in the library.
package struct FileReply: ReplyKind {
    package static let word = "file"
    package static let columns = [StoredColumn("file", .text, isNeeded: true)]
    private let path: String

    package init(_ path: String) { self.path = path }

    package init?(_ fields: inout FieldReader) {
        guard let path = fields.text(Self.word, Self.filePath) else { return nil }
        self.path = path
    }

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        guard let path = stored[0]?.text else { return nil }
        self.path = path
    }

    package var written: Value { .string(path) }
    package var stored: [StoredValue?] { [.text(path)] }
    package var fileName: String? { path }
    package var contentType: String? { Self.ofFile(path) }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody {
        guard let bytes = files[path] else { throw RuleMistake("the file \"\(path)\" is not in the library") }
        return RenderedReply.Body.bytes(bytes)
    }

    private static let filePath = TextCheck({ "\(TextCheck.quoted($0)) cannot be the path of a file" }) { text in
        !text.isEmpty && !text.utf8.contains(0) && text.utf8.last != UInt8(ascii: "/")
    }

    private static func ofFile(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        let ending = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        return endings[ending] ?? ContentType.bytes
    }

    private static let endings: [String: String] = [
        "json": ContentType.json, "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8",
        "html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8", "xml": "application/xml",
        "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "webp": "image/webp", "svg": "image/svg+xml", "wav": "audio/wav", "mp3": "audio/mpeg", "zip": "application/zip",
        "sse": ContentType.eventStream,
    ]
}

extension ReplyKind where Self == FileReply {
    package static func file(_ path: String) -> Self { Self(path) }
}
