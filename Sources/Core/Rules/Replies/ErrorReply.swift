import Fields
import JSON
import Runtime

/// `error`: an error of the service by its name, with a message of one's own or the service's.
package struct ErrorReply: ReplyKind {
    package static let word = "error"
    package static let columns = [StoredColumn("error", .text, isNeeded: true), StoredColumn("message", .text)]
    private let name: String
    private let message: String?

    package init(name: String, message: String?) {
        self.name = name
        self.message = message
    }

    package init?(_ fields: inout FieldReader) {
        let error = fields.either(Self.word, expected: "an error's name, or an object with name and message") {
            $0.text(Self.word, Self.serviceError).map { ErrorReply(name: $0, message: nil) }
        } object: {
            $0.object(Self.word, Self.long)
        }
        guard let error else { return nil }
        self = error
    }

    private static func long(_ fields: inout FieldReader) -> ErrorReply? {
        let message = fields.text("message", .template)
        return fields.requiredText("name", serviceError).map { ErrorReply(name: $0, message: message) }
    }

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        guard let name = stored[0]?.text else { return nil }
        self.init(name: name, message: stored[1]?.text)
    }

    package var written: Value {
        guard let message else { return .string(name) }
        return ["name": .string(name), "message": .string(message)]
    }

    package var stored: [StoredValue?] { [.text(name), message.map { .text($0) }] }
    package var contentType: String? { nil }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody {
        guard let message else { return RenderedReply.Body.serviceError(name: name, message: nil) }
        return ErrorBody(name: name, message: try Template(message))
    }

    private static let serviceError = TextCheck { text in
        if ServiceError.named(text) != nil { return nil }
        let names = ServiceError.catalogue.map(\.name)
        return TextCheck.Problem(
            message: "\(TextCheck.quoted(text)) is no error of the service",
            hint: NearName.hint(for: text, among: names) ?? "there are \(names.joined(separator: ", "))")
    }
}

private struct ErrorBody: ReadyBody {
    let name: String
    let message: Template

    var constantBody: RenderedReply.Body? { message.constant.map { .serviceError(name: name, message: $0) } }

    func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body {
        .serviceError(name: name, message: situation.text(message, header))
    }
}

extension ReplyKind where Self == ErrorReply {
    package static func error(name: String, message: String?) -> Self { Self(name: name, message: message) }
}
