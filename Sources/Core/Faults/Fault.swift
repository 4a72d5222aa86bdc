import Delivery
import Fields
import JSON
import Rules
import Runtime
import SplitMix
import Time

/// One failure, its parameters read: what it does to a call that it strikes. The word of the file, the interface and the
/// journal is the type's and its file's name.
protocol Fault: Sendable {
    static var word: String { get }
    /// Reads the parameters; what is wrong with them is noted in the reader, and the fault then not used.
    init(_ parameters: inout FieldReader)

    var stage: Stage { get }
    /// Whether the fault is about such calls at all; others are not even counted.
    func concerns(_ candidate: FaultCandidate) -> Bool
    /// Whether the issuer is asked, and no agent: then patterns over agents and sessions mean nothing.
    var concernsIssuer: Bool { get }
    /// Whether it remembers each session by itself, also without `perSession`.
    var remembersSessions: Bool { get }
    /// Whether it wants to know if a call starts its session.
    var asksForSessions: Bool { get }
    /// Whether it strikes a single time when nothing says how often: then the first call of all is struck.
    var strikesOnce: Bool { get }
    /// What has to hold beside the trigger, in words for the plan: `only over 25/s`.
    var condition: String? { get }
    /// Whether that holds now. `memory` is the fault's own for the agent, or for the session.
    func holds(for candidate: FaultCandidate, _ memory: inout Memory, startsSession: () -> Bool) -> Bool
    /// What a strike will draw, in nanoseconds; nil for a fault that draws no time.
    func forecast(_ chance: inout Chance) -> Int64?
}

extension Fault {
    func concerns(_ candidate: FaultCandidate) -> Bool { candidate.issuerPart == nil }
    var concernsIssuer: Bool { false }
    var remembersSessions: Bool { false }
    var asksForSessions: Bool { false }
    var strikesOnce: Bool { false }
    var condition: String? { nil }
    func holds(for candidate: FaultCandidate, _ memory: inout Memory, startsSession: () -> Bool) -> Bool { true }
    func forecast(_ chance: inout Chance) -> Int64? { nil }
}

/// Where on a call's way a fault acts.
enum Stage: Sendable {
    /// Instead of looking at the call at all.
    case arrival([Step])
    /// Instead of the agent's answer.
    case verdict(any VerdictFault)
    /// On the answer's way out.
    case delivery(any DeliveryFault)
    /// On the time that signatures and tokens are judged by.
    case clock(Duration)
    case issuer(IssuerEffect)
}

/// Answers with an error of the service before rules are asked.
protocol VerdictFault: Fault {
    func refusal(to caller: Caller) -> RefusingAnswer
}

extension VerdictFault {
    var stage: Stage { .verdict(self) }
}

/// Bends an answer on its way out.
protocol DeliveryFault: Fault {
    /// What does it to one answer. Where it cannot, the answer stays as it was.
    func bender(_ situation: DeliverySituation) -> any StepBender
}

extension DeliveryFault {
    var stage: Stage { .delivery(self) }
}

/// What a fault remembers of an agent, or of a session: how often it was asked and struck, and what its own condition
/// needs.
struct Memory: Equatable, Sendable {
    /// Calls that the fault could have struck.
    var calls = 0
    var strikes = 0
    /// When the first of them came.
    var firstCall: Int64?
    /// For a rate: when the next call would be due if all came evenly.
    var nextDue = Int64.min
}

/// The answer that a fault gives instead of the agent.
package struct RefusingAnswer: Equatable, Sendable {
    package var answer: ErrorAnswer
    /// Fields beside the service's own.
    package var fields: [HeaderLine]
    /// Whether `WWW-Authenticate` names the agent's protected-resource metadata.
    package var pointsToMetadata: Bool

    init(_ answer: ErrorAnswer, fields: [HeaderLine] = [], pointsToMetadata: Bool = false) {
        self.answer = answer
        self.fields = fields
        self.pointsToMetadata = pointsToMetadata
    }

    /// A service error as this caller sees it.
    init(_ error: ServiceError, message: String? = nil, to caller: Caller) {
        self.init(
            ErrorAnswer(
                error, message: message, for: caller.protocol, dialect: caller.dialect, requestID: caller.requestID))
    }
}
