import Access
import Bytes
import Delivery
import SplitMix
import Faults
import HTTPWire
import JSON
import Journal
import Runtime
import Scenarios
import Time

/// One call on its way through the emulator: what is known of it so far. It is handed on `inout`, never copied: a call is
/// made of so many parts that copying it costs more than answering it. (As `~Copyable` it would say so itself, but then
/// Swift 6.3.1 cannot compile this module under the thread sanitizer.)
package struct Visit {
    /// What the journal will say. Its request is whole until the call is answered; then its secrets are taken out.
    package var call: Call
    /// What the server does, once the call is answered.
    package var script = ScriptedSource([])
    let space: Space
    /// The path without the prefix of a space.
    let path: Range<Int>
    /// Server time: what the space's clock says.
    package let now: Instant
    let realNow: Instant
    /// What a fault adds to the time that signatures and tokens are judged by.
    var skew = Duration.zero
    var strikes = Strikes()
    package var chance: Chance
    package var agent: KnownAgent?
    package var sessionKey: Sessions.Key?
    /// The session as the call found it, itself counted in.
    var session: Session?
    /// Nanoseconds from the call's arrival until its session's machine is there.
    var provisioned: Int64 = 0
    /// The session whose answers end with this call, by the number of the call that made it; 0 for none.
    var endsSession = 0
    /// Request and answer hold passwords or tokens: their bodies are redacted for the journal too.
    package var isSecretive = false
    /// The rules that came nearest, when none matched.
    package var misses: [NearMiss] = []

    /// `now` is real time; the visit lives by its space's clock.
    init(
        number: Int, request: consuming Request, path: Range<Int>, space: Space, arrived: Instant, now: Instant,
        inFlight: Int,
        seed: UInt64
    ) {
        call = Call(number: number, space: space.name, arrived: arrived, request: request, inFlight: inFlight)
        self.path = path
        self.space = space
        self.now = space.clock.now(now)
        realNow = now
        chance = Chance(seed: seed, number: UInt64(number))
    }

    mutating func found(_ agent: KnownAgent, _ operation: Operation, qualifier: String) {
        self.agent = agent
        call.agent = agent.arn
        call.operation = operation.name
        call.qualifier = qualifier
    }

    /// The visit is at its end. The call is taken out of it: copying it would cost as much as writing it down.
    mutating func takeDelivery() -> Delivery {
        var taken = Call.none
        swap(&taken, &call)
        return Delivery(call: taken, script: script, session: session?.maker ?? 0, endsSession: endsSession)
    }

    /// The same for a request that has to be asked about again.
    mutating func takeRequest() -> Request {
        var taken = Request.none
        swap(&taken, &call.request)
        return taken
    }

    /// Where the caller found the server, its space included.
    package var base: String {
        call.request.base + String(lossy: call.request.head[call.request.path.lowerBound..<path.lowerBound])
    }

    /// The shape of errors that this call's caller expects.
    package var `protocol`: AgentProtocol { agent?.protocol ?? .http }

    /// The `id` of a JSON-RPC request, for the error that answers it.
    package var requestID: Value {
        guard self.protocol == .mcp || self.protocol == .a2a,
            let id = (try? Value.parse(call.request.body))?["id"]
        else { return .null }
        return switch id {
        case .string, .number: id
        default: .null
        }
    }

    package func refusal(
        _ error: ServiceError, _ message: String? = nil, extra: [Value.Member] = []
    ) -> Interruption {
        .answered(
            Response(ErrorAnswer(error, message: message, extra: extra, for: self.protocol, requestID: requestID)))
    }
}

/// A call that is answered: its entry for the journal, and what the server does. Not copied either.
package struct Delivery: ~Copyable {
    package var call: Call
    package var script: ScriptedSource
    /// The session that the call belongs to, by the number of the call that made it; 0 for none.
    package var session: Int
    /// The session that this call stopped: whatever is being answered in it ends here.
    package var endsSession: Int

    package init(call: consuming Call, script: ScriptedSource, session: Int = 0, endsSession: Int = 0) {
        self.call = call
        self.script = script
        self.session = session
        self.endsSession = endsSession
    }
}

/// Why a call leaves the straight line.
package enum Interruption: Error {
    case answered(Response)
    /// A fault answers with these steps, and nobody else is asked.
    case struck([Step])
    /// The verdict needs this document first.
    case needs(url: String)
}
