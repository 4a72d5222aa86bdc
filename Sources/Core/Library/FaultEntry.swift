import Fields
import JSON
import Time

/// A fault as the file says it. What its words mean is the fault catalogue's business.
package struct FaultEntry: Equatable, Sendable {
    package var name: String?
    package var agent: String?
    package var endpoint: String?
    package var operation: String?
    package var on: [JSON.Value.Member]?
    package var fault: String
    /// The fault's own parameters, in their order.
    package var parameters: [JSON.Value.Member] = []

    package init(fault: String) { self.fault = fault }
}

/// `faults[…]`: where, when and which; everything else is a parameter of the fault and stays as it stands.
package enum FaultReader {
    /// Contract section 4, in its order: the word in the file, the interface and the journal.
    package static let names = [
        "error", "expiring-token", "throttle", "latency", "cold-start", "not-ready", "hang", "stall", "slow-drip",
        "reset", "close", "corrupt", "agent-error-event", "clock-skew", "jwks-outage", "key-rotation", "ws-close",
        "ws-drop",
    ]

    static func read(_ fields: inout FieldReader) -> FaultEntry? {
        let name = fields.text("name", .notEmpty)
        let agent = fields.text("agent", .glob)
        let endpoint = fields.text("endpoint", .glob)
        let operation = fields.text("operation", .operation)
        let on = fields.object("on", moments)
        guard let fault = fields.requiredText("fault", .oneOf(names)) else {
            takeParameters(&fields)
            return nil
        }
        var entry = FaultEntry(fault: fault)
        entry.name = name
        entry.agent = agent
        entry.endpoint = endpoint
        entry.operation = operation
        entry.on = on
        refuseMisspelt(fields)
        entry.parameters = takeParameters(&fields)
        return entry
    }

    @discardableResult
    private static func takeParameters(_ fields: inout FieldReader) -> [Value.Member] {
        let parameters = fields.others
        for parameter in parameters { _ = fields.field(parameter.name) }
        return parameters.map { Value.Member($0.name, $0.node.value) }
    }

    /// A parameter may have any name, but hardly one letter beside a word of the entry.
    private static func refuseMisspelt(_ fields: FieldReader) {
        for parameter in fields.others {
            let letters = Array(parameter.name.utf8)
            for word in ["name", "agent", "endpoint", "operation", "fault"] where letters.count < 20 {
                guard NearName.distance(letters, Array(word.utf8)) == 1 else { continue }
                fields.mistakes.add(
                    "\"\(parameter.name)\" is not known here", hint: "did you mean \"\(word)\"?",
                    at: parameter.nameOffset, path: fields.path.appending(parameter.name))
            }
        }
    }

    /// `on`: calls | every | chance | from/until | session | perSession | times.
    private static func moments(_ fields: inout FieldReader) -> [Value.Member]? {
        _ = fields.text("calls", .call)
        _ = fields.integer("every", 1...Int.max)
        _ = fields.share("chance")
        _ = fields.text("from", moment)
        _ = fields.text("until", moment)
        _ = fields.text("session", .glob)
        _ = fields.bool("perSession")
        _ = fields.integer("times", 1...Int.max)
        if fields.has("calls"), fields.has("every") {
            fields.refuse(
                "every", "\"calls\" says which calls already", hint: "write \"calls\": \"every 3\", or only one")
        }
        return fields.node.value.members
    }

    /// After the start, or by the clock.
    private static let moment = TextCheck(
        { "\(TextCheck.quoted($0)) is neither a duration nor a moment" },
        hint: "write \"30s\" after the start, or \"2026-01-15T12:00:00Z\""
    ) { Duration(text: $0) != nil || Instant(rfc3339: $0.utf8) != nil }
}

extension FaultEntry {
    package var written: Value {
        var fields = FieldWriter()
        fields.add("name", name)
        fields.add("agent", agent)
        fields.add("endpoint", endpoint)
        fields.add("operation", operation)
        fields.add("on", on.map(Value.object))
        fields.add("fault", fault)
        for parameter in parameters { fields.add(parameter.name, parameter.value) }
        return fields.object
    }
}
