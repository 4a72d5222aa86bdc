import Bytes
import JSON

// Rules.  `match` asks for agent, qualifier, operation, payload and the chosen header fields; `sequence` for the first
//         three. Calls that agree in what is asked for are one group.
// Theory. Everything that can be worked out is worked out when a library is loaded: a call costs one form of its payload
//         and a look-up or two, whether ten calls are recorded or a hundred thousand.

/// What a request is asked for, so that a recorded call may answer it.
package struct ReplayQuestion {
    package typealias Header = (_ name: [UInt8]) -> ArraySlice<UInt8>?

    let agent: String
    /// The agent's id: in a file by hand, an agent may be named so.
    let id: String
    let qualifier: String
    let operation: String
    let payload: ParsedPayload
    let header: Header

    package init(
        agent: String, id: String, qualifier: String, operation: String, body: [UInt8], header: @escaping Header
    ) {
        (self.agent, self.id, self.qualifier, self.operation) = (agent, id, qualifier, operation)
        payload = ParsedPayload(body)
        self.header = header
    }

    /// Of a JSON-RPC request.
    package var requestID: Value? { RequestIDs.id(of: payload.value) }
}

/// The recorded calls of a library, made ready.
package final class ReplayBook: Sendable {
    struct Target: Hashable {
        var agent: String
        var qualifier: String
        var operation: String
    }

    package let calls: [ReadyCall]
    /// Calls that agree, by their numbers.
    let groups: [ReplayGroup]
    let options: ReplayOptions
    let asking: ReplayIndex.Asking
    private let indexes: [ReplayIndex]
    private let targets: [Target: Int]
    private let sessions: [SessionName: Int]

    /// A runtime session that was recorded.
    struct SessionName: Hashable {
        var agent: String
        var id: String
    }

    package var isEmpty: Bool { calls.isEmpty }

    /// The settings of a library and those of the command line hold together.
    package init(_ recorded: [RecordedCall], _ settings: ReplaySettings, _ options: ReplayOptions) throws(ReplayMistake)
    {
        self.options = options
        let all = settings.adding(options.settings)
        asking = ReplayIndex.Asking(
            volatile: try ReplayMistake.paths(all.volatile), headers: all.headers.map { Array($0.utf8) })
        var (ready, groups): ([ReadyCall], [ReplayGroup]) = ([], [])
        var (targets, indexes): ([Target: Int], [ReplayIndex]) = ([:], [])
        var (sessions, positions): ([SessionName: Int], [String?: Int]) = ([:], [:])
        ready.reserveCapacity(recorded.count)
        for call in recorded {
            let target = Target(agent: call.agent, qualifier: call.qualifier, operation: call.operation)
            let place = targets[target] ?? indexes.count
            targets[target] = place
            if place == indexes.count { indexes.append(ReplayIndex()) }
            let group = indexes[place].add(call, ready.count, next: groups.count, options.mode, asking)
            if group == groups.count { groups.append(ReplayGroup()) }
            let session = call.session.map { id in
                let name = SessionName(agent: call.agent, id: id)
                let number = sessions[name] ?? sessions.count
                sessions[name] = number
                return number
            }
            groups[group].add(ready.count, session: session)
            positions[call.recording, default: 0] += 1
            ready.append(
                ReadyCall(
                    call, position: positions[call.recording] ?? 0, session: session,
                    longestStall: options.longestStall))
        }
        (self.calls, self.groups, self.indexes) = (ready, groups, indexes)
        (self.targets, self.sessions) = (targets, sessions)
    }

    func session(agent: String, id: String) -> Int? { sessions[SessionName(agent: agent, id: id)] }

    /// The groups that a request belongs to: as a rule one, or none.
    func groups(for question: borrowing ReplayQuestion) -> [Int] {
        guard let index = index(for: question) else { return [] }
        if options.mode == .sequence { return index.everything.map { [$0] } ?? [] }
        return index.groups(for: question, asking)
    }

    func index(for question: borrowing ReplayQuestion) -> ReplayIndex? {
        let target = Target(
            agent: question.agent, qualifier: question.qualifier, operation: question.operation)
        let byID = Target(agent: question.id, qualifier: question.qualifier, operation: question.operation)
        return (targets[target] ?? targets[byID]).map { indexes[$0] }
    }
}

/// How recorded calls are matched and paced, as the command line says it.
package struct ReplayOptions: Equatable, Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        case auto
        case sequence
        case match
    }

    package var mode = Mode.auto
    package var settings = ReplaySettings()
    /// No silence of an answer is longer than this. Nil: each is as long as it was.
    package var longestStall: Duration?

    package init() {}
}

/// Why recordings cannot be replayed as is asked.
package struct ReplayMistake: Error, Equatable {
    package let description: String

    static func paths(_ texts: [String]) throws(ReplayMistake) -> [Path] {
        var paths: [Path] = []
        for text in texts {
            do throws(PathError) {
                paths.append(try Path(text))
            } catch {
                throw ReplayMistake(description: "replay.volatile: “\(text)” is not a path, \(error.description)")
            }
        }
        return paths
    }
}

/// Recorded calls that answer the same request, in the order in which they were made.
struct ReplayGroup: Sendable {
    private(set) var calls: [Int] = []
    /// The sessions that they belong to, each once, the earliest first.
    private(set) var sessions: [Int] = []
    private var inSession: [Int: [Int]] = [:]
    private(set) var withoutSession: [Int] = []

    mutating func add(_ call: Int, session: Int?) {
        calls.append(call)
        guard let session else { return withoutSession.append(call) }
        if sessions.last != session, inSession[session] == nil { sessions.append(session) }
        // Most groups are one call, and need no dictionary.
        guard calls.count > 1 else { return }
        if calls.count == 2, let first = sessions.first, withoutSession.isEmpty { inSession[first] = [calls[0]] }
        inSession[session, default: []].append(call)
    }

    func calls(in session: Int) -> [Int] {
        if calls.count == 1 { return sessions.first == session ? calls : [] }
        return inSession[session] ?? []
    }
}
