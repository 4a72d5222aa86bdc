import Bytes
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

    /// `place` is where the entry stands, for the mistakes; `name` stands for a name of its own.
    static func read(
        _ entry: FaultEntry, name: String, at place: [String], armedAt: Instant
    ) -> Result<Definition, FaultMistakes> {
        let kind: FaultKind
        switch FaultCatalogue.find(entry.fault, at: place + ["fault"]) {
        case .success(let found): kind = found
        case .failure(let mistake): return .failure(FaultMistakes(list: [mistake]))
        }
        var parameters = ParameterReader(entry.parameters, at: place)
        let fault = kind.read(&parameters)
        parameters.finish("\"\(kind.word)\"")
        var on = ParameterReader(entry.on ?? [], at: place + ["on"])
        let trigger = Trigger(&on, armedAt: armedAt)
        var mistakes = parameters.mistakes + on.mistakes
        if fault.concernsIssuer { mistakes += Self.mistakes(ofIssuerFault: entry, at: place) }
        if !mistakes.isEmpty { return .failure(FaultMistakes(list: mistakes)) }
        return .success(Definition(entry, name: name, fault: fault, trigger: trigger))
    }

    private static func mistakes(ofIssuerFault entry: FaultEntry, at place: [String]) -> [FaultMistake] {
        let filters = [("agent", entry.agent), ("endpoint", entry.endpoint), ("operation", entry.operation)]
        var mistakes = filters.filter { $0.1 != nil && $0.1 != "*" }.map { name, _ in
            FaultMistake(place + [name], "the issuer is asked for itself, not for an agent", hint: "leave it out")
        }
        for name in ["session", "perSession"] where entry.on?.contains(where: { $0.name == name }) == true {
            mistakes.append(FaultMistake(place + ["on", name], "the issuer knows no sessions", hint: "leave it out"))
        }
        return mistakes
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
