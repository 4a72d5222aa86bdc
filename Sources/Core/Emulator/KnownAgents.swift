import Bytes
import Forwarding
import HTTPWire
import Library
import Rules
import Runtime

/// An agent as a caller named it, found in the library. Belongs to one library and so to one rule book.
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
    /// Where it lives, as far as the caller or the library says it.
    package let region: String?
    /// The ARN, for the id form with the region of the library's entry, or the service's first region.
    package let arn: String
    package let limits: Sessions.Limits
    /// The real agent behind it.
    let forward: Destination?
    let isForwarded: Bool
    private var rulesHere: [RulesHere] = []
    private static let mostRemembered = 64

    init(reference: AgentReference, settings: Agent) {
        self.reference = reference
        self.settings = settings
        region = reference.region ?? Self.region(of: settings.arn)
        arn = reference.arnText(region: region ?? "us-east-1")
        forward = settings.forward.flatMap { Destination(.agent, $0) }
        isForwarded = forward != nil
        limits = Sessions.Limits(idle: settings.session?.idleTimeout, lifetime: settings.session?.maxLifetime)
    }

    /// The region of an entry whose ARN leaves no choice of it.
    private static func region(of entry: String) -> String? {
        let parts = entry.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && AgentARN.isRegion(parts[3]) ? String(parts[3]) : nil
    }

    package var id: String { reference.id }
    package var `protocol`: AgentProtocol { settings.protocol ?? .http }
    package var dialect: Dialect { settings.dialect ?? .y2025 }
    package var auth: Auth { settings.auth ?? .sigv4 }

    /// A program calls the same endpoint again and again: what fits it is found once.
    func rules(for qualifier: String, _ operation: String?, in book: RuleBook) -> RulesHere {
        let operation = operation ?? ""
        for known in rulesHere where known.target.qualifier == qualifier && known.target.operation == operation {
            return known
        }
        let target = Target(agent: id, arn: arn, qualifier: qualifier, operation: operation)
        let found = RulesHere(target: target, candidates: book.candidates(for: target))
        if rulesHere.count < Self.mostRemembered { rulesHere.append(found) }
        return found
    }

    func target(of call: OpenCall) -> Target {
        Target(agent: id, arn: arn, qualifier: call.endpoint, operation: call.entry.operation ?? "")
    }

    package func hasEndpoint(_ qualifier: String) -> Bool {
        guard let endpoints = settings.endpoints else { return qualifier == "DEFAULT" }
        return endpoints.contains(qualifier) || endpoints.contains("*")
    }
}

/// The agents of a library, found by what callers write in the path. An entry that names the agent exactly goes before a
/// pattern; among patterns the first in the file wins.
///
/// A program calls the same few agents at the same few endpoints again and again, so what was found is remembered twice:
/// by the agent's name, as taking an ARN apart costs more than the rest of the search, and by the whole request target.
struct KnownAgents {
    enum Finding {
        case known(KnownAgent)
        case unknown(named: String)
        case accountMissing
        case accountMalformed
    }

    private let agents: [(settings: Agent, glob: Glob, isExact: Bool)]
    private var found: [ByteKey: KnownAgent] = [:]
    private static let mostFound = 10_000
    private var targets = [KnownTarget?](repeating: nil, count: KnownTarget.most)

    init(_ agents: [Agent]) {
        self.agents = agents.map { ($0, Glob($0.arn), !$0.arn.utf8.contains { $0 == 0x2A || $0 == 0x3F }) }
    }

    // MARK: By name

    /// `segment` and `account` stand as they do on the wire, and are remembered by exactly those bytes.
    mutating func find(segment: ArraySlice<UInt8>, account: ArraySlice<UInt8>?) -> Finding {
        var bytes = segment
        if let account { bytes = ArraySlice(Array(segment) + [UInt8(ascii: "?")] + account) }
        let key = ByteKey(bytes)
        if let agent = found[key] { return .known(agent) }
        let accountText = account.flatMap { PercentEncoding.decode($0) }.map { String(lossy: $0) }
        switch AgentReference.read(segment: segment, account: accountText) {
        case .failure(.accountMissing): return .accountMissing
        case .failure(.accountMalformed): return .accountMalformed
        case .failure(.unreadable(let text)): return .unknown(named: text)
        case .success(let reference):
            guard let settings = settings(for: reference) else {
                return .unknown(named: reference.arnText(region: "us-east-1"))
            }
            let agent = KnownAgent(reference: reference, settings: settings)
            if found.count >= Self.mostFound { found = [:] }
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

    // MARK: By request target

    /// What this request's method and target led to before.
    /// - Parameter path: where the path begins, without the prefix of a space: what stands before it is not compared.
    func target(of request: borrowing Request, path: Int) -> KnownTarget? {
        let head = request.head.span
        let target = head.extracting(path..<request.target.upperBound)
        guard target.count <= KnownTarget.longest, let known = targets[KnownTarget.place(of: target)],
            known.isMethod(head.extracting(request.method), andTarget: target)
        else { return nil }
        return known
    }

    mutating func remember(
        _ operation: Operation, _ agent: KnownAgent, qualifier: String, for request: borrowing Request, path: Int
    ) {
        let target = path..<request.target.upperBound
        guard target.count <= KnownTarget.longest else { return }
        targets[KnownTarget.place(of: request.head.span.extracting(target))] = KnownTarget(
            operation, agent, qualifier, method: Array(request.head[request.method]),
            target: Array(request.head[target]))
    }
}

/// What one method and target of a request leads to.
final class KnownTarget {
    static let most = 64
    static let longest = 1_024

    let operation: Operation
    let agent: KnownAgent
    let qualifier: String
    private let method: [UInt8]
    private let target: [UInt8]

    fileprivate init(
        _ operation: Operation, _ agent: KnownAgent, _ qualifier: String, method: [UInt8], target: [UInt8]
    ) {
        (self.operation, self.agent, self.qualifier) = (operation, agent, qualifier)
        (self.method, self.target) = (method, target)
    }

    fileprivate func isMethod(_ method: Span<UInt8>, andTarget target: Span<UInt8>) -> Bool {
        let (known, knownMethod) = (self.target, self.method)
        return ByteSearch.equal(target, known.span) && ByteSearch.equal(method, knownMethod.span)
    }

    /// Eight bytes a step. Two targets of one place take turns: whoever makes such is answered the longer way.
    fileprivate static func place(of target: Span<UInt8>) -> Int {
        let words = target.bytes
        var hash = UInt64(target.count)
        var offset = target.count & 7
        while offset < target.count {
            let word = words.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            offset += 8
        }
        return Int(truncatingIfNeeded: hash) & (most - 1)
    }
}
