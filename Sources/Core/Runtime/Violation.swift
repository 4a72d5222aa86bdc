import JSON

/// What is wrong with a request, as a `ValidationException` tells it. The service's model demands a `reason` beside the
/// message, and has a `fieldList` for the members of which it is known.
package struct Violation: Equatable, Sendable {
    package enum Reason: String, Sendable {
        case cannotParse = "CannotParse"
        case fieldValidationFailed = "FieldValidationFailed"
        case idempotentParameterMismatch = "IdempotentParameterMismatchException"
    }

    package struct Field: Equatable, Sendable {
        package var name: String
        package var message: String
    }

    package var message: String
    package var reason: Reason
    package var fields: [Field] = []

    package init(_ message: String, reason: Reason) {
        self.message = message
        self.reason = reason
    }

    /// The service's own sentence about one member.
    package init(of member: String, constraint: String) {
        self.init(
            "1 validation error detected: Value at '\(member)' failed to satisfy constraint: \(constraint)",
            reason: .fieldValidationFailed)
        fields = [Field(name: member, message: constraint)]
    }

    package static let sessionMissing = Violation(of: "runtimeSessionId", constraint: "Member must not be null")
    package static let accountMalformed = Violation(
        of: "accountId", constraint: "Member must satisfy regular expression pattern: [0-9]{12}")

    /// What stands beside the message.
    var members: [Value.Member] {
        let list = fields.map {
            Value.object([.init("name", .string($0.name)), .init("message", .string($0.message))])
        }
        return [.init("reason", .string(reason.rawValue))] + (list.isEmpty ? [] : [.init("fieldList", .array(list))])
    }
}
