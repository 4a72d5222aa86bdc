import Bytes
import Fields
import HTTPWire
import JSON
import Rules
import Runtime
import Time

/// `error`: an error of the service by its name, or any status.
struct Error: VerdictFault {
    static let word = "error"
    private let error: ServiceError?
    private let status: Int?
    private let message: String?
    private let fields: [HeaderLine]

    init(_ parameters: inout FieldReader) {
        let name = parameters.text("error")
        status = parameters.integer("status", 400...599)
        message = parameters.text("message")
        fields = Self.fields(&parameters)
        error = name.flatMap(ServiceError.named)
        let isOfAccess = [401, 403].contains(status ?? error?.status ?? 0)
        if isOfAccess, parameters.has("retryAfter") {
            parameters.refuse(
                "retryAfter", "a refusal of access carries none: some clients retry whatever does",
                hint: "leave it out, or write it into \"headers\" if that is what is to be tried")
        }
        if let name, error == nil {
            let names = ServiceError.catalogue.map(\.name)
            parameters.refuse(
                "error", "\(Excerpt.of(.string(name))) is no error of the service",
                hint: NearName.hint(for: name, among: names) ?? "there are \(names.joined(separator: ", "))")
        }
        if !parameters.has("error"), !parameters.has("status") {
            parameters.refuse(
                "\"error\" or \"status\" is missing",
                hint: "write \"error\": \"ThrottlingException\", or \"status\": 503")
        }
    }

    func refusal(to caller: Caller) -> RefusingAnswer {
        var refusal: RefusingAnswer
        if let error = error ?? ServiceError.catalogue.first(where: { $0.status == status }) {
            refusal = RefusingAnswer(error, message: message, to: caller)
        } else {
            let status = status ?? 500
            let phrase = ReasonPhrase.of(status).description
            refusal = RefusingAnswer(
                ErrorAnswer(
                    status: status, errorType: nil,
                    message: message ?? (phrase.isEmpty ? "status \(status)" : phrase)))
        }
        refusal.answer.status = status ?? refusal.answer.status
        refusal.fields = fields
        return refusal
    }

    private static func fields(_ parameters: inout FieldReader) -> [HeaderLine] {
        var fields: [HeaderLine] = []
        if let members = parameters.field("headers")?.members {
            for member in members {
                if let problem = problem(of: member) {
                    parameters.refuse("headers", "\(Excerpt.of(.string(member.name))) \(problem)")
                } else {
                    fields.append(HeaderLine(name: member.name, value: member.node.text ?? ""))
                }
            }
        } else if parameters.has("headers") {
            parameters.refuse("headers", "expected an object of texts")
        }
        return fields + parameters.retryAfter()
    }

    /// RFC 9110 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous".
    private static func problem(of member: Node.Member) -> String? {
        let isName = !member.name.isEmpty && member.name.utf8.allSatisfy(ASCII.isToken)
        guard isName, let text = member.node.text else { return "is no header field with a text" }
        if HeaderLine.isManaged(member.name) { return "is set by the server itself" }
        let hasControls = text.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
        return hasControls ? "has control characters" : nil
    }
}

extension FaultKind {
    static let error = FaultKind(Error.self)
}
