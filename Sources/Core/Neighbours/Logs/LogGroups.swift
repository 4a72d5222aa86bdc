import Bytes
import Journal
import Library
import Runtime

// Rules.  A group for each agent and endpoint, `/aws/bedrock-agentcore/runtimes/{id}-{endpoint}`: of those that the library
//         names, and those that were called. In it a stream for each session, `[runtime-logs] {session}`, in which each
//         call of the session is an event.
// Theory. The journal is all there is: a group of an agent that nobody called is empty, and a call without a session never
//         came to a machine that could have logged it.

/// The log of one agent at one endpoint, in one space.
struct LogGroup: Equatable {
    let agent: AgentARN
    let endpoint: String
    let space: String

    static let prefix = "/aws/bedrock-agentcore/runtimes/"

    var name: String { "\(Self.prefix)\(agent.id)-\(endpoint)" }
    var arn: String { "arn:\(agent.partition):logs:\(agent.region):\(agent.account):log-group:\(name)" }

    /// Whether the call is an event of it.
    func holds(_ call: borrowing CallRecord) -> Bool {
        guard let ending = call.content(.agent), call.has(.session) else { return false }
        return ending.elementsEqual(agent.text.utf8) && Self.isSame(call.content(.qualifier), endpoint)
            && Self.isSame(call.content(.space), space)
    }

    static func isSame(_ bytes: ArraySlice<UInt8>?, _ text: String) -> Bool { bytes?.elementsEqual(text.utf8) == true }

    static func stream(of call: borrowing CallRecord) -> String { streamPrefix + (call.text(.session) ?? "") }

    private static let streamPrefix = "[runtime-logs] "

    func isCalled(_ text: String) -> Bool { name == text || arn == text || "\(arn):*" == text }
}

/// The groups there are: those that the library names, and those that were called.
struct GroupSearch: WholeSearch {
    private(set) var groups: [LogGroup]
    private let space: String
    var walk = JournalWalk()
    private var last: (agent: ArraySlice<UInt8>, endpoint: ArraySlice<UInt8>)?

    init(_ call: borrowing NeighbourCall) {
        space = call.world.space
        groups = Self.told(call)
    }

    private static func told(_ call: borrowing NeighbourCall) -> [LogGroup] {
        var groups: [LogGroup] = []
        for agent in call.world.agents {
            let arn = AgentARN(agent.arn) ?? call.world.arn(ofID: agent.arn, region: call.region)
            guard let arn else { continue }
            for endpoint in agent.endpoints ?? ["DEFAULT"] where endpoint != "*" {
                groups.append(LogGroup(agent: arn, endpoint: endpoint, space: call.world.space))
            }
        }
        return groups
    }

    mutating func note(_ record: borrowing CallRecord) {
        guard record.has(.session), LogGroup.isSame(record.content(.space), space),
            let agent = record.content(.agent), let endpoint = record.content(.qualifier)
        else { return }
        // Calls of one agent come in rows.
        if let last, last.agent == agent, last.endpoint == endpoint { return }
        last = (agent, endpoint)
        guard let arn = AgentARN(String(lossy: agent)) else { return }
        let group = LogGroup(agent: arn, endpoint: String(lossy: endpoint), space: space)
        if !groups.contains(group) { groups.append(group) }
    }
}

/// The one group that is asked for, by its name, or by its ARN with or without `:*` behind it.
struct GroupFinding {
    private let name: String
    private var search: GroupSearch

    init(_ name: String, _ call: borrowing NeighbourCall) {
        self.name = name
        search = GroupSearch(call)
    }

    private var found: LogGroup? { search.groups.first { $0.isCalled(name) } }

    /// Nil while there is more to look at.
    mutating func go(in log: borrowing CallLog, budget: inout Int) throws(NeighbourError) -> LogGroup? {
        if let found { return found }
        let isOver = search.go(in: log, budget: &budget)
        if let found { return found }
        guard isOver else { return nil }
        throw NeighbourError(
            "ResourceNotFoundException", "The specified log group does not exist.",
            why: "no agent has the log group \(AskedService.shown(name)); DescribeLogGroups names those there are")
    }
}
