import Bytes
import Fields
import JSON

/// `parameters`: what Parameter Store says here, each by its name.
package struct Parameter: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case string = "String"
        case list = "StringList"
        /// Told as it is only to who asks for it decrypted.
        case secure = "SecureString"
    }

    package var name: String
    package var kind: Kind
    package var value: String

    package init(name: String, kind: Kind = .string, value: String) {
        (self.name, self.kind, self.value) = (name, kind, value)
    }

    /// The service: "a mix of letters, numbers and .-_", in a hierarchy "of a maximum of fifteen levels" whose names are
    /// written from the root.
    package static let isName = TextCheck { text in
        let isWhole = !text.isEmpty && text.utf8.count <= 1_011 && text.utf8.allSatisfy(isNameByte)
        guard isWhole else {
            return .init(
                message: "\(TextCheck.quoted(text)) cannot be the name of a parameter",
                hint: "letters, digits, . - _ and / make one: \"/shop/agents/search\"")
        }
        let levels = text.split(separator: "/", omittingEmptySubsequences: false)
        guard levels.dropFirst(text.hasPrefix("/") ? 1 : 0).allSatisfy({ !$0.isEmpty }) else {
            return .init(message: "\(TextCheck.quoted(text)) has a level without a name")
        }
        if levels.count > 1, !text.hasPrefix("/") {
            return .init(message: "\(TextCheck.quoted(text)) has levels and does not begin with a slash")
        }
        return levels.count > 16 ? .init(message: "\(TextCheck.quoted(text)) has more than fifteen levels") : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "/._-".utf8.contains(byte)
    }
}

/// `"parameters": {"/a/b": "text", "/a/c": {"type": "SecureString", "value": "…"}}`
enum ParametersReader {
    static func read(_ fields: inout FieldReader) -> [Parameter] {
        fields.object("parameters") { fields -> [Parameter] in
            var parameters: [Parameter] = []
            for member in fields.others {
                if !fields.isOutlining, let problem = Parameter.isName.problem(member.name) {
                    fields.refuse(member.name, problem.message, hint: problem.hint)
                }
                if let parameter = parameter(member.name, &fields) { parameters.append(parameter) }
            }
            return parameters
        } ?? []
    }

    private static func parameter(_ name: String, _ fields: inout FieldReader) -> Parameter? {
        fields.either(name, expected: "a string or {\"type\": …, \"value\": …}") { fields in
            fields.text(name, value).map { Parameter(name: name, value: $0) }
        } object: { fields in
            fields.object(name) { fields in
                let kind = fields.choice("type", of: Parameter.Kind.self)
                return fields.requiredText("value", value).map {
                    Parameter(name: name, kind: kind ?? .string, value: $0)
                }
            }
        }
    }

    /// "Standard parameters have a content limit of 4 KB", advanced ones of 8.
    private static let value = TextCheck { text in
        if text.isEmpty { return .init(message: "is empty, and the service takes no empty value") }
        return text.utf8.count <= 8_192
            ? nil : .init(message: "has \(text.utf8.count) bytes; the service takes 8192 at most")
    }
}

extension Parameter {
    var written: Value {
        guard kind != .string else { return .string(value) }
        var fields = FieldWriter()
        fields.add("type", kind.rawValue)
        fields.add("value", value)
        return fields.object
    }
}

extension FieldWriter {
    mutating func add(_ parameters: [Parameter]) {
        guard !parameters.isEmpty else { return }
        add("parameters", .object(parameters.map { .init($0.name, $0.written) }))
    }
}
