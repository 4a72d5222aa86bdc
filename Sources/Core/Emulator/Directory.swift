import Bytes
import Runtime
import Rules
import Library

/// An agent as a caller named it, found in the library. Belongs to one directory and so to one rule book.
package final class KnownAgent {
    /// The rules that fit this agent, for one endpoint and operation.
    final class RulesHere {
        let target: Target
        let candidates: RuleBook.Candidates

        init(target: Target, candidates: RuleBook.Candidates) {
            self.target = target
            self.candidates = candidates
        }
    }

    package let reference: AgentReference
    package let settings: Agent
    /// The ARN, for the id form with the region of the library's entry, or the service's first region.
    package let arn: String
    package let limits: Sessions.Limits
    private var rulesHere: [RulesHere] = []
    private static let mostRemembered = 64

    init(reference: AgentReference, settings: Agent) {
        self.reference = reference
        self.settings = settings
        arn = reference.arnText(region: AgentARN(settings.arn)?.region ?? "us-east-1")
        limits = Sessions.Limits(idle: settings.session?.idleTimeout, lifetime: settings.session?.maxLifetime)
    }

    package var id: String { reference.id }
    package var `protocol`: AgentProtocol { settings.protocol ?? .http }
    package var dialect: Dialect { settings.dialect ?? .y2025 }
    package var auth: Auth { settings.auth ?? .sigv4 }

    /// A program calls the same endpoint again and again: what fits it is found once.
    func rules(for qualifier: String?, _ operation: String?, in book: RuleBook) -> RulesHere {
        let (qualifier, operation) = (qualifier ?? "DEFAULT", operation ?? "")
        for known in rulesHere where known.target.qualifier == qualifier && known.target.operation == operation {
            return known
        }
        let target = Target(agent: id, arn: arn, qualifier: qualifier, operation: operation)
        let found = RulesHere(target: target, candidates: book.candidates(for: target))
        if rulesHere.count < Self.mostRemembered { rulesHere.append(found) }
        return found
    }

    package func hasEndpoint(_ qualifier: String) -> Bool {
        guard let endpoints = settings.endpoints else { return qualifier == "DEFAULT" }
        return endpoints.contains(qualifier) || endpoints.contains("*")
    }
}

/// Finds agents by what callers write in the path. An entry that names the agent exactly goes before a pattern; among
/// patterns the first in the file wins.
struct Directory {
    enum Finding {
        case known(KnownAgent)
        case unknown(named: String)
        case accountMissing
    }

    private let agents: [(settings: Agent, glob: Glob, isExact: Bool)]
    private var found: [ByteKey: KnownAgent] = [:]
    private static let mostRemembered = 10_000

    init(_ agents: [Agent]) {
        self.agents = agents.map { ($0, Glob($0.arn), !$0.arn.utf8.contains { $0 == 0x2A || $0 == 0x3F }) }
    }

    /// `segment` and `account` stand as they do on the wire. Remembered by exactly those bytes: a program calls the
    /// same few agents again and again, and taking an ARN apart costs more than the rest of the search.
    mutating func find(segment: ArraySlice<UInt8>, account: ArraySlice<UInt8>?) -> Finding {
        var bytes = segment
        if let account { bytes = ArraySlice(Array(segment) + [UInt8(ascii: "?")] + account) }
        let key = ByteKey(bytes)
        if let agent = found[key] { return .known(agent) }
        let accountText = account.flatMap { PercentEncoding.decode($0) }.map { String(lossy: $0) }
        switch AgentReference.read(segment: segment, account: accountText) {
        case .failure(.accountMissing): return .accountMissing
        case .failure(.unreadable(let text)): return .unknown(named: text)
        case .success(let reference):
            guard let settings = settings(for: reference) else {
                return .unknown(named: reference.arnText(region: "us-east-1"))
            }
            let agent = KnownAgent(reference: reference, settings: settings)
            if found.count >= Self.mostRemembered { found = [:] }
            found[key.owned] = agent
            return .known(agent)
        }
    }

    private func settings(for reference: AgentReference) -> Agent? {
        let names: [[UInt8]] =
            switch reference {
            case .arn(let arn): [Array(arn.text.utf8), Array(arn.id.utf8)]
            case .id(let id, _): [Array(id.utf8)]
            }
        let candidates = agents.filter { agent in
            names.contains { agent.glob.matches($0) } || Self.isSame(agent.settings.arn, reference)
        }
        return (candidates.first { $0.isExact } ?? candidates.first)?.settings
    }

    /// An entry that names an ARN also stands for the id form, when account and id agree.
    private static func isSame(_ entry: String, _ reference: AgentReference) -> Bool {
        guard case .id(let id, let account) = reference, let arn = AgentARN(entry) else { return false }
        return arn.id == id && arn.account == account
    }
}
