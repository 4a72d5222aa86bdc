import Fields
import JSON
import Time

/// `agentError`: the agent's own status; the caller sees what the platform makes of it. With the time that the agent has
/// to begin, the failure of a new session is told when that is over.
package struct AgentErrorReply: ReplyKind {
    package static let word = "agentError"
    package static let columns = [
        StoredColumn("agent_status", .integer, isNeeded: true), StoredColumn("agent_initialization", .duration),
    ]
    private let status: Int
    private let initialization: Duration?

    package init(status: Int, initialization: Duration?) {
        self.status = status
        self.initialization = initialization
    }

    package init?(_ fields: inout FieldReader) {
        let error = fields.either(
            Self.word, expected: "a whole number",
            number: { $0.integer(Self.word, 400...599).map { Self(status: $0, initialization: nil) } },
            object: { $0.object(Self.word, Self.long) })
        guard let error else { return nil }
        self = error
    }

    private static func long(_ fields: inout FieldReader) -> AgentErrorReply? {
        let initialization = initialization(&fields)
        guard fields.required("status") != nil, let status = fields.integer("status", 400...599) else { return nil }
        if status < 500, initialization != nil {
            fields.refuse(
                "initialization", "only a status of 500 or more counts as a failed initialization",
                hint: "leave it out")
        }
        return AgentErrorReply(status: status, initialization: initialization)
    }

    /// How long the agent has to begin: a duration, or `true` for the platform's.
    private static func initialization(_ fields: inout FieldReader) -> Duration? {
        let name = "initialization"
        fields.note(name, .bool)
        if let isOn = fields.field(name)?.bool { return isOn ? platformInitialization : nil }
        return fields.duration(name)
    }

    /// Observed of agents in containers (wire reference 2.3).
    private static let platformInitialization = Duration.seconds(120)

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        guard let status = stored[0]?.integer else { return nil }
        self.init(status: status, initialization: stored[1]?.duration)
    }

    package var written: Value {
        guard let initialization else { return Value(status) }
        return ["status": Value(status), "initialization": .string(initialization.text)]
    }

    package var stored: [StoredValue?] { [.integer(status), initialization.map { .duration($0) }] }
    package var contentType: String? { nil }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody {
        RenderedReply.Body.agentError(status: status, initialization: initialization)
    }
}

extension ReplyKind where Self == AgentErrorReply {
    package static func agentError(status: Int, initialization: Duration? = nil) -> Self {
        Self(status: status, initialization: initialization)
    }
}
