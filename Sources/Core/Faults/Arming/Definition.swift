import Bytes
import Fields
import JSON
import Library
import Time

/// A fault made ready once and shared by every space: its own part, when it strikes, and whom.
final class Definition: Sendable {
    /// As it was asked for, its name filled in.
    let entry: FaultEntry
    let name: String
    let fault: any Fault
    let stage: Stage
    let trigger: Trigger
    /// Whether it counts each session by itself.
    let remembersSessions: Bool
    /// Whether it strikes a single call, of whichever agent that is.
    let isOnce: Bool
    private let agent: NamePattern
    private let endpoint: NamePattern
    private let operation: NamePattern

    private init(_ entry: FaultEntry, name: String, fault: any Fault, trigger: Trigger) {
        var named = entry
        named.name = name
        self.entry = named
        self.name = name
        self.fault = fault
        stage = fault.stage
        self.trigger = trigger
        remembersSessions = trigger.perSession || fault.remembersSessions
        isOnce =
            fault.strikesOnce && trigger.calls == nil && trigger.every == nil && trigger.chance == nil
            && trigger.times == nil
        agent = NamePattern(entry.agent)
        endpoint = NamePattern(entry.endpoint)
        operation = NamePattern(entry.operation)
    }

    /// "glob over the agent's id or ARN"
    func concernsAgent(_ arn: String, id: String) -> Bool { agent.matches(id) || agent.matches(arn) }

    func concerns(_ candidate: FaultCandidate) -> Bool {
        guard endpoint.matches(candidate.endpoint), operation.matches(candidate.operation), fault.concerns(candidate)
        else { return false }
        guard let session = trigger.session else { return true }
        return candidate.session.map { session.matches($0) } ?? false
    }

    /// What the entry says, or nil and why not in `mistakes`. `path` is where it stands; `name` stands for a name of its
    /// own.
    static func read(
        _ entry: FaultEntry, name: String, at path: FieldPath, armedAt: Instant, _ mistakes: MistakeList
    ) -> Definition? {
        var fields = FieldReader(entry.parameters, path: path, mistakes)
        var on = FieldReader(entry.on ?? [], path: .parameter(path, "on"), mistakes)
        return parts(of: entry, &fields, &on, armedAt: armedAt).map {
            Definition(entry, name: name, fault: $0.fault, trigger: $0.trigger)
        }
    }

    /// The fault and when it strikes; nil, and noted, when one of them means nothing. The fields are the entry's, or its
    /// parameters alone.
    static func parts(
        of entry: FaultEntry, _ fields: inout FieldReader, _ on: inout FieldReader, armedAt: Instant
    ) -> (fault: any Fault, trigger: Trigger)? {
        let before = fields.mistakes.count
        guard let fault = FaultCatalogue.fault(entry.fault, &fields) else { return nil }
        on.beginParameters(of: "on")
        let trigger = Trigger(&on, armedAt: armedAt)
        on.finish()
        if fault.concernsIssuer { refusePatterns(of: entry, fields, on) }
        return fields.mistakes.count == before ? (fault, trigger) : nil
    }

    private static func refusePatterns(of entry: FaultEntry, _ fields: FieldReader, _ on: FieldReader) {
        let patterns = [
            ("agent", entry.agent), ("endpoint", entry.endpoint), ("operation", entry.operation),
        ]
        for (name, pattern) in patterns where pattern != nil && pattern != "*" {
            fields.refuse(name, "the issuer is asked for itself, not for an agent", hint: "leave it out")
        }
        for name in ["session", "perSession"] where on.has(name) {
            on.refuse(name, "the issuer knows no sessions", hint: "leave it out")
        }
    }
}

/// A pattern over names, quick for the two usual kinds: everything, and one name.
enum NamePattern: Equatable, Sendable {
    case everything
    case exactly(String)
    case glob(Glob)

    init(_ text: String?) {
        guard let text, text != "*" else {
            self = .everything
            return
        }
        let isGlob = text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        self = isGlob ? .glob(Glob(text)) : .exactly(text)
    }

    func matches(_ name: String) -> Bool {
        switch self {
        case .everything: true
        case .exactly(let own): own == name
        case .glob(let glob): glob.matches(name)
        }
    }
}
