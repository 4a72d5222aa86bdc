import Recording
import Rules

/// Everything a library says: contract section 3 as values. What a file left out is nil or empty here, so that a
/// scenario leaves as it came.
package struct Scenario: Equatable, Sendable {
    package var agents: [Agent] = []
    package var credentials: [Credential] = []
    package var users: [User] = []
    package var parameters: [Parameter] = []
    package var rules: [Rule] = []
    package var faults: [FaultEntry] = []
    package var recordings: [RecordedRun] = []
    package var recorded: [RecordedCall] = []
    package var replay = ReplaySettings()
    /// The bytes of the files that `file` replies name, by the path as written.
    package var files: [String: [UInt8]] = [:]

    package init() {}
}

extension Scenario {
    /// What both say. What is the same thing (see `Sameness`) is replaced where it stands, so that the order of rules holds;
    /// all else is added at the end. Adding twice adds once.
    package func adding(_ other: Scenario) -> Scenario {
        combined(with: other, .replacingInPlace)
    }

    /// What both say, the other first: the first rule that matches wins, and a library usually ends in one that matches
    /// everything. What is the same thing is taken from the other.
    package func preceded(by other: Scenario) -> Scenario {
        combined(with: other, .inFront)
    }

    private func combined(with other: Scenario, _ way: Combination) -> Scenario {
        var both = self
        both.agents = way.combine(agents, other.agents, Sameness.agents)
        both.credentials = way.combine(credentials, other.credentials, Sameness.credentials)
        both.users = way.combine(users, other.users, Sameness.users)
        both.parameters = way.combine(parameters, other.parameters, Sameness.parameters)
        both.rules = way.combine(rules, other.rules, Sameness.rules)
        both.faults = way.combine(faults, other.faults, Sameness.faults)
        both.recordings = way.combine(recordings, other.recordings, Sameness.recordings)
        both.recorded = RecordedCall.joined(recorded, other.recorded)
        both.replay = replay.adding(other.replay)
        both.files.merge(other.files) { _, new in new }
        return both
    }
}

/// When two entries are one thing: by an agent's ARN, a credential's access key, a user's name and client, the name of a
/// parameter, a rule or a fault. What has no name is the same only if it says the same.
private enum Sameness {
    static func agents(_ one: Agent, _ other: Agent) -> Bool { one.arn == other.arn }
    static func credentials(_ one: Credential, _ other: Credential) -> Bool { one.accessKeyId == other.accessKeyId }
    static func users(_ one: User, _ other: User) -> Bool {
        one.username == other.username && one.clientId == other.clientId
    }
    static func parameters(_ one: Parameter, _ other: Parameter) -> Bool { one.name == other.name }
    static func rules(_ one: Rule, _ other: Rule) -> Bool { one.name == nil ? one == other : one.name == other.name }
    static func recordings(_ one: RecordedRun, _ other: RecordedRun) -> Bool { one.name == other.name }
    static func faults(_ one: FaultEntry, _ other: FaultEntry) -> Bool {
        one.name == nil ? one == other : one.name == other.name
    }
}

private enum Combination {
    case replacingInPlace, inFront

    func combine<Entry>(_ old: [Entry], _ new: [Entry], _ isSame: (Entry, Entry) -> Bool) -> [Entry] {
        switch self {
        case .replacingInPlace: Self.replacing(old, new, isSame)
        case .inFront: new + old.filter { entry in !new.contains { isSame(entry, $0) } }
        }
    }

    /// Each of `new` takes the place of the first of `old` that is the same thing and not replaced yet.
    private static func replacing<Entry>(
        _ old: [Entry], _ new: [Entry], _ isSame: (Entry, Entry) -> Bool
    ) -> [Entry] {
        if old.isEmpty { return new }
        var entries = old
        var free = Array(old.indices)
        for entry in new {
            if let place = free.firstIndex(where: { isSame(old[$0], entry) }) {
                entries[free.remove(at: place)] = entry
            } else {
                entries.append(entry)
            }
        }
        return entries
    }
}

extension Scenario {
    /// The paths that `file` replies name, each once, as they are written. Whoever may touch files puts their bytes into
    /// `files`.
    package var fileNames: [String] {
        var names: [String] = []
        for rule in rules {
            if let path = rule.reply.kind.fileName, !names.contains(path) { names.append(path) }
        }
        return names
    }
}

extension RuleBook {
    /// `file` replies need their bytes in `scenario.files`.
    package init(_ scenario: Scenario) throws(RuleRefusal) { try self.init(scenario.rules, files: scenario.files) }
}
