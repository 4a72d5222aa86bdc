import JSON
import Fields

/// Whose behaviour is judged: calls are told apart by this.
package enum CallerKind: Equatable, Sendable {
    case agent
    case principal
    case user
    /// In lower case.
    case header(String)
    case none

    static let words = ["agent", "principal", "user", "none", "header:NAME"]

    /// Nil where a call has no such thing.
    func name(of call: borrowing ObservedCall) -> String? {
        switch self {
        case .agent: call.agent
        case .principal: call.principal
        case .user: call.user
        case .header(let name): call.headers[name]
        case .none: "none"
        }
    }

    func name(of mark: ObservedMark) -> String? {
        switch self {
        case .agent: mark.agent ?? mark.by
        case .none: "none"
        default: mark.by
        }
    }

    /// A mark may name an agent by the id at the end of its ARN.
    static func isMeant(_ name: String?, by marked: String?) -> Bool {
        guard let name, let marked else { return name == marked }
        return name == marked || name.hasSuffix("/" + marked)
    }
}

/// Judges one caller. It is told of arrivals and of ends in the order in which they happened; at an arrival the second
/// half of the call is not to be looked at, because then it was not known.
protocol Judge: AnyObject {
    func arrived(_ call: borrowing ObservedCall)
    func ended(_ call: borrowing ObservedCall)
    func marked(_ mark: ObservedMark)
    func ruling(at end: Moment) -> Ruling
}

extension Judge {
    func ended(_ call: borrowing ObservedCall) {}
    func marked(_ mark: ObservedMark) {}
}

/// Makes the judge of one caller. The callers of one space share a maker, and with it what it remembers.
typealias JudgeMaker = () -> any Judge

/// One expectation, read and checked.
package struct Expectation: Sendable {
    package var name: String
    package let kind: String
    package var by: CallerKind
    package var match: CallMatch
    package var wanted = Wanted()
    /// How long a server waits for calls that are in flight, in seconds.
    package var waits: Double?
    /// What calls in flight will come to does not matter.
    var looksAtArrivals: Bool { kind != ExpectationKind.calls.word && countsNone && match.isSaidAtArrival }
    /// No call at all is a count too.
    let countsNone: Bool
    let hearsIssuer: Bool
    let makers: @Sendable () -> JudgeMaker
}

/// One kind of expectation: its word, what it is about, and how its parameters are read.
struct ExpectationKind: Sendable {
    let word: String
    var by = CallerKind.agent
    /// It looks at arrivals alone, so that no call is a count too.
    var countsNone = false
    var hearsIssuer = false
    /// Reads the parameters into what makes judges; nil when they are no use.
    let read: @Sendable (inout ExpectationReader) -> (@Sendable () -> JudgeMaker)?

    /// Every kind there is: contract section 7. A new one is a file below `Expectations/` and a line here.
    static let catalogue: [ExpectationKind] = [
        .calls,
        .order,
        .quiet,
        .breaker,
        .backoff,
        .tokenRefresh,
        .amplification,
        .stream,
        .sessions,
        .idempotence,
    ]
}
