import Bytes
import JSON

/// An error as bytes, in the shape that callers of the agent's protocol see (wire reference 2.1).
package struct ErrorAnswer: Equatable, Sendable {
    package var status: Int
    package var contentType: StaticString
    /// `x-amzn-ErrorType`; JSON-RPC and event answers carry none (observed through the SDKs' empty messages).
    package var errorType: String?
    package var body: [UInt8]
    /// What is wrong, in words: for the journal.
    package var message = ""

    package static func == (left: ErrorAnswer, right: ErrorAnswer) -> Bool {
        left.status == right.status && left.contentType.description == right.contentType.description
            && left.errorType == right.errorType && left.body == right.body
    }

    package init(status: Int, contentType: StaticString = "application/json", errorType: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.errorType = errorType
        self.body = body
    }

    /// A native answer of one's own words: for what the table does not name.
    package init(status: Int, errorType: String?, message: String) {
        self.init(
            status: status, errorType: errorType, body: Value.object([.init("message", .string(message))]).compact)
        self.message = message
    }

    /// `message` is the specific text; nil stands for the table's. `requestID` is the `id` of the caller's JSON-RPC
    /// request, which JSON-RPC 2.0 section 5 wants back: "It MUST be the same as the value of the id member in the
    /// Request Object", null "if there was an error in detecting the id". `dialect` is the agent's, where its entry names
    /// one.
    package init(
        _ error: ServiceError, message: String? = nil, for protocol: AgentProtocol, dialect: Dialect? = nil,
        requestID: Value = .null
    ) {
        switch `protocol` {
        case .http: self = .native(error, message: message)
        case .mcp: self = .jsonRPC(error.mcp, message: message, id: requestID)
        case .a2a:
            self =
                error.a2a(dialect).map { .jsonRPC($0, message: message, id: requestID) }
                ?? .native(error, message: message)
        case .agui: self = .runError(error, message: message)
        }
        self.message = message ?? error.message
    }

    /// What is wrong with the request. Only the native shape has room for more than the sentence.
    package init(
        _ violation: Violation, for protocol: AgentProtocol, dialect: Dialect? = nil, requestID: Value = .null
    ) {
        self =
            `protocol` == .http
            ? .native(.validation, message: violation.message, violation.members)
            : ErrorAnswer(
                .validation, message: violation.message, for: `protocol`, dialect: dialect, requestID: requestID)
        message = violation.message
    }

    /// `{"message":…}` with the exception's name in a header. A gateway's time-out has no exception behind it.
    private static func native(
        _ error: ServiceError, message: String?, _ more: [Value.Member]? = nil
    ) -> ErrorAnswer {
        let message = message ?? error.message
        let isInvalid = error == .validation
        let more = more ?? (isInvalid ? Violation(message, reason: .fieldValidationFailed).members : [])
        let members = [Value.Member("message", .string(message))] + more
        let isException = error != .gatewayTimeout
        return ErrorAnswer(
            status: error.status, errorType: isException ? error.name : nil, body: Value.object(members).compact)
    }

    static func jsonRPC(_ numbered: ServiceError.Numbered, message: String?, id: Value) -> ErrorAnswer {
        let error = Value.object([
            .init("code", .number(String(numbered.code))), .init("message", .string(message ?? numbered.message)),
        ])
        let body = Value.object([.init("jsonrpc", .string("2.0")), .init("id", id), .init("error", error)])
        return ErrorAnswer(status: numbered.status, errorType: nil, body: body.compact)
    }

    /// AG-UI: the error is one event of the stream that the caller expects.
    static func runError(_ error: ServiceError, message: String?) -> ErrorAnswer {
        let event = Value.object([
            .init("type", .string("RUN_ERROR")), .init("code", .string(error.agui.code)),
            .init("message", .string(message ?? error.message)),
        ])
        var body = Array("data: ".utf8)
        body.append(contentsOf: event.compact)
        body.append("\n\n" as StaticString)
        return ErrorAnswer(
            status: error.agui.status, contentType: "text/event-stream", errorType: nil, body: body)
    }
}
