import JSON
import Time
import Verdicts

/// What a picture shows of a call, read from its JSON: the same whether a server or a journal file told it.
package struct ReportedCall: Equatable, Sendable {
    /// In which row it stands.
    package enum Class: String, CaseIterable, Sendable {
        case answered
        case failed
        case refused
        case running = "in flight"
    }

    package struct Token: Equatable, Sendable {
        package var id: String
        package var issued: Instant?
        package var expires: Instant?
    }

    package var number: Int
    package var space: String
    package var status: Int?
    package var outcome: String?
    /// By the clock of its space.
    package var arrived: Instant
    package var ended: Instant?
    package var isIssuer: Bool
    package var token: Token?
    private var names: [String: String]
    private var headers: [String: String]

    /// Nil for what is no call.
    package init?(_ call: Value) {
        func moment(_ value: Value?) -> Instant? { value?.text.flatMap { Instant(rfc3339: $0.utf8) } }
        guard let number = call["number"]?.integer, let arrived = moment(call["clock"]) ?? moment(call["arrived"])
        else { return nil }
        (self.number, self.arrived) = (number, arrived)
        space = call["space"]?.text ?? ""
        status = call["status"]?.integer
        outcome = call["outcome"]?.text
        ended = moment(call["endedClock"])
        isIssuer = ObservedCall.isIssuer(operation: call["operation"]?.text)
        if let id = call["token"]?["id"]?.text {
            token = Token(
                id: id, issued: moment(call["token"]?["issuedAt"]), expires: moment(call["token"]?["expires"]))
        }
        names = [:]
        for name in ["agent", "principal", "user"] { names[name] = call[name]?.text }
        headers = [:]
        for field in call["request"]?["headers"]?.members ?? [] {
            headers[field.name.lowercased()] = field.value.text
        }
    }

    package var kind: Class {
        guard let outcome else { return .running }
        guard outcome == "completed" || outcome == "refused", let status else { return .failed }
        if status == 401 || status == 403 { return .refused }
        return status < 400 ? .answered : .failed
    }

    /// Whose call it is, told apart as the expectation does.
    func name(by kind: CallerKind) -> String? {
        switch kind {
        case .agent: names["agent"]
        case .principal: names["principal"]
        case .user: names["user"]
        case .header(let name): headers[name]
        case .none: "none"
        }
    }

    /// `503`, or how it ended without one.
    var label: String { status.map(String.init) ?? outcome ?? "in flight" }
}
