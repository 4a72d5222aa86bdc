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

/// One call that is not answered yet: what is known of it so far. It is handed on `inout`, never copied: a call is made of
/// so many parts that copying it costs more than answering it. (As `~Copyable` it would say so itself, but then Swift
/// 6.3.1 cannot compile this module under the thread sanitizer.)
struct OpenCall {
    /// What the journal will say of it, but for the secrets.
    var entry: Call
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
        number: Int, request: consuming Request, path: Range<Int>, space: Space, arrived: Instant, now: Instant,
        inFlight: Int, seed: UInt64
    ) {
        entry = Call(number: number, space: space.name, arrived: arrived, request: request, inFlight: inFlight)
        entry.clock = space.clock.now(arrived)
        self.path = path
        self.space = space
        entry.trace = CallerTrace.of(entry.request)
        self.now = arrived == now ? entry.clock : space.clock.now(now)
        realNow = now
        chance = Chance(seed: seed, number: UInt64(number))
    }

    mutating func found(_ agent: KnownAgent, _ operation: Operation, qualifier: String) {
        self.agent = agent
        entry.agent = agent.arn
        entry.operation = operation.name
        entry.qualifier = qualifier
    }

    /// The call is at its end. Its entry is taken out of it: copying it would cost as much as writing it down.
    mutating func takeAnswered(_ script: consuming ScriptedSource) -> AnsweredCall {
        var taken = Call.none
        swap(&taken, &entry)
        var answered = AnsweredCall(
            call: taken, script: script, space: space, session: session?.maker ?? 0, endsSession: endsSession)
        answered.segments = segments
        return answered
    }

    /// The same for a request that has to be asked about again.
    mutating func takeRequest() -> Request {
        var taken = Request.none
        swap(&taken, &entry.request)
        return taken
    }

    /// Where the caller found the server, its space included.
    var base: String {
        entry.request.base + String(lossy: entry.request.head[entry.request.path.lowerBound..<path.lowerBound])
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
            let id = (try? Value.parse(entry.request.body))?["id"]
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
    case inJournal((borrowing CallLog) -> ServiceResponse)
    /// A fault answers with these steps, and nobody else is asked.
    case struck([Step])
    /// The verdict needs this document first.
    case needs(url: String)
}

/// A call whose answer stands in the journal: whoever has that asks, once.
package final class ReadingCall {
    private var open: OpenCall
    private let look: (borrowing CallLog) -> ServiceResponse
    private let seed: UInt64

    init(_ call: consuming OpenCall, seed: UInt64, _ look: @escaping (borrowing CallLog) -> ServiceResponse) {
        (open, self.look, self.seed) = (call, look, seed)
    }

    package func answer(from log: borrowing CallLog) -> AnsweredCall {
        SettleStage.settle(&open, look(log), seed: seed)
    }
}

/// A call that is answered: its entry for the journal, and what the server does. Not copied either.
package struct AnsweredCall: ~Copyable {
    package var call: Call
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

    package init(
        call: consuming Call, script: consuming ScriptedSource, space: Space? = nil, session: Int = 0,
        endsSession: Int = 0
    ) {
        self.call = call
        self.script = script
        self.space = space
        self.session = session
        self.endsSession = endsSession
    }
}
