import Access
import Bytes
import HTTPWire
import JSON
import Journal
import Runtime

/// What the caller and the journal are told when access is refused.
extension Response {
    init(_ denial: Denial, for visit: borrowing Visit, resource: ProtectedResource?) {
        let message = Value.string(denial.message)
        let (body, errorType): (Value, String?) =
            switch denial.envelope {
            case .native: (.object([.init("message", message)]), denial.errorType)
            case .nativeCapital: (.object([.init("Message", message)]), denial.errorType)
            case .bare: (.object([.init("message", message)]), nil)
            case .jsonRPC(let code): (Self.jsonRPC(code: code, message: message), nil)
            }
        // An AG-UI caller expects an event whatever happened (wire reference 7).
        if visit.protocol == .agui, let error = ServiceError.catalogue.first(where: { $0.status == denial.status }) {
            self.init(ErrorAnswer(error, message: denial.message, for: .agui))
        } else {
            self.init(ErrorAnswer(status: denial.status, errorType: errorType, body: body.compact))
        }
        if denial.pointsToMetadata, let resource { fields.add("WWW-Authenticate", resource.challenge) }
    }

    /// Observed twice: the `id` is the string "null".
    private static func jsonRPC(code: Int, message: Value) -> Value {
        .object([
            .init("jsonrpc", .string("2.0")),
            .init("error", .object([.init("code", .number(String(code))), .init("message", message)])),
            .init("id", .string("null")),
        ])
    }
}

extension Denial {
    var entry: Call.Auth {
        var entry = Call.Auth(scheme: scheme, verdict: .refused, why: why)
        entry.canonicalRequest = canonicalRequest
        entry.stringToSign = stringToSign
        return entry
    }
}
