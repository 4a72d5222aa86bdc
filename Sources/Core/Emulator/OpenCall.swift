import Access
import Bytes
import Delivery
import Faults
import Forwarding
import HTTPWire
import JSON
import Journal
import Runtime
import Rules
import Library
import SplitMix
import Time

/// One call that is not answered yet: what is known of it so far. A class, as every stage is handed the same one: a call
/// is made of so many parts that copying it costs more than answering it, and a structure was copied wherever a stage only
/// looked at it. (`~Copyable`, it cannot be compiled under the thread sanitizer by Swift 6.3.1.)
final class OpenCall: CallEntry {
    /// A constant, so that whoever asks it does not copy it first.
    let request: Request
    let space: Space
    /// The path without the prefix of a space.
    let path: Range<Int>
    /// Server time: what the space's clock says.
    let now: Instant
    let realNow: Instant
    /// How many documents were fetched for it already.
    var documents = 0
    /// What a fault adds to the time that signatures and tokens are judged by.
    var skew = Duration.zero
    var faults = StruckFaults()
    var chance: Chance
    var agent: KnownAgent?
    /// With what the caller shows who he is.
    private(set) lazy var credentials = Gate.Credentials(in: request)
    /// Where the call goes when nobody here answers it.
    var destination: Destination?
    /// With whose signature.
    var signing = ForwardSigning()
    /// The session that the call names or was given; not yet one that lives.
    var sessionKey: Sessions.Key?
    /// The session as the call found it, itself counted in.
    var session: Session?
    /// Nanoseconds from the call's arrival until its session's machine is there.
    var provisioned: Int64 = 0
    /// Pieces of traces that it told of.
    var segments: [TraceSegment] = []
    /// Whether it is none of the agents', so that no recording has it.
    var isNobodysRecording = false
    /// What the journal shows of the answer's body, where a secret is in it.
    var shownReply: [UInt8]?
    /// The session whose answers end with this call, by the number of the call that made it; 0 for none.
    var endsSession = 0

    /// `now` is real time; the call lives by its space's clock.
    init(
        number: Int, request: Request, path: Range<Int>, space: Space, arrived: Instant, now: Instant,
        inFlight: Int, seed: UInt64
    ) {
        self.request = request
        self.path = path
        self.space = space
        let clock = space.clock.now(arrived)
        self.now = arrived == now ? clock : space.clock.now(now)
        realNow = now
        chance = Chance(seed: seed, number: UInt64(number))
        super.init(Call(number: number, space: space.name, arrived: arrived, request: request, inFlight: inFlight))
        entry.clock = clock
        entry.trace = CallerTrace.of(request)
    }

    /// An entry alone is no open call.
    override init(_ entry: Call) { preconditionFailure("an open call begins with a request") }

    func found(_ agent: KnownAgent, _ operation: Operation, qualifier: String) {
        self.agent = agent
        entry.agent = agent.arn
        entry.operation = operation.name
        entry.qualifier = qualifier
    }

    /// The call is at its end. Its entry stays where it is: moving it costs as much as writing it down.
    func answered(_ script: consuming ScriptedSource) -> AnsweredCall {
        var answered = AnsweredCall(
            entry: self, script: script, space: space, session: session?.maker ?? 0, endsSession: endsSession)
        answered.segments = segments
        return answered
    }

    /// Where the caller found the server, its space included.
    var base: String {
        request.base + String(lossy: request.head[request.path.lowerBound..<path.lowerBound])
    }

    /// The endpoint that is asked for: the service's own when the caller names none.
    var endpoint: String { entry.qualifier ?? "DEFAULT" }

    /// What access is judged by. A fault's skew is in what judges the caller, not in what judges documents.
    var accessTimes: Gate.Times {
        Gate.Times(server: now + skew, signature: space.clock.signatureTime(realNow) + skew, real: realNow)
    }

    // MARK: Refusing

    /// The shape of errors that this call's caller expects.
    var `protocol`: AgentProtocol { agent?.protocol ?? .http }

    /// The `id` of a JSON-RPC request, for the error that answers it.
    var requestID: Value {
        guard self.protocol == .mcp || self.protocol == .a2a,
            let id = (try? Value.parse(request.body))?["id"]
        else { return .null }
        return switch id {
        case .string, .number: id
        default: .null
        }
    }

    /// As this call's caller expects it.
    func errorAnswer(_ error: ServiceError, _ message: String? = nil) -> ErrorAnswer {
        ErrorAnswer(
            error, message: message, for: self.protocol, dialect: agent?.settings.dialect, requestID: requestID)
    }

    func refusal(_ error: ServiceError, _ message: String? = nil) -> LineExit {
        .answered(ServiceResponse(errorAnswer(error, message)))
    }

    func refusal(_ violation: Violation) -> LineExit {
        .answered(
            ServiceResponse(
                ErrorAnswer(violation, for: self.protocol, dialect: agent?.settings.dialect, requestID: requestID)))
    }

    /// RFC 9728: what the agent that is called tells callers without a good token; nil for an agent that takes none.
    func protectedResource(_ gate: borrowing Gate) -> ProtectedResource? {
        guard let agent, case .jwt(let authorizer) = agent.auth else { return nil }
        return ProtectedResource(
            base: base, arn: agent.arn, qualifier: endpoint, issuer: gate.issuerName(of: authorizer),
            authorizer: authorizer)
    }
}

/// How a call leaves the line.
enum LineExit {
    case answered(ServiceResponse)
    case forwarded(PassedRequest)
    /// What is in the journal says what is answered.
    case inJournal(JournalSearch)
    /// A fault answers with these steps, and nobody else is asked.
    case struck([Step])
    /// The verdict needs this document first.
    case needs(url: String)
}

/// What the journal will say of a call, but for the secrets: filled on the way through the line, and then only lent.
package class CallEntry {
    final var entry: Call

    package init(_ entry: Call) { self.entry = entry }

    /// Lends it where it lies: a property of a class that is handed on as a value is copied first.
    final func lend(_ use: (inout Call) -> Void) { use(&entry) }
}

/// A call that is answered: its entry for the journal, and what the server does.
package struct AnsweredCall: ~Copyable {
    private let entry: CallEntry
    package var script: ScriptedSource
    /// Where it was made.
    package var space: Space?
    /// The session that the call belongs to, by the number of the call that made it; 0 for none.
    package var session: Int
    /// The session that this call stopped: whatever is being answered in it ends here.
    package var endsSession: Int
    /// Pieces of traces, to be joined to their calls.
    package var segments: [TraceSegment] = []
    /// What the call opened.
    package var conversation: Conversation?

    package var call: Call { entry.entry }
    package var number: Int { entry.entry.number }

    /// The same without a copy, for whoever writes it down.
    package func lendCall(_ use: (inout Call) -> Void) { entry.lend(use) }

    package init(
        entry: CallEntry, script: consuming ScriptedSource, space: Space? = nil, session: Int = 0,
        endsSession: Int = 0
    ) {
        self.entry = entry
        self.script = script
        self.space = space
        self.session = session
        self.endsSession = endsSession
    }
}
