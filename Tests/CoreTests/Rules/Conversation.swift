import Bytes
import Delivery
import Emulator
import JSON
import SplitMix
import Support
import Testing
import Time

@testable import Library
@testable import Rules

/// A session with one agent of a scenario, call after call, as the emulator leads it.
final class Conversation {
    static let now = Instant(seconds: 1_768_478_400)

    let book: RuleBook
    var target: Target
    var session: String? = "session-0123456789-0123456789-0123456789"
    var user: String?
    var headers: [String: String] = [:]
    var state = Question.firstState
    var call = 0
    var chance = Chance(seed: 7)

    init(_ book: RuleBook, agent: String, qualifier: String = "DEFAULT") {
        self.book = book
        target = Target(
            agent: agent, arn: "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/\(agent)",
            qualifier: qualifier)
    }

    convenience init(_ rules: String, agent: String = "search_agent-ABCDEFGHIJ") throws {
        self.init(try Self.book(rules), agent: agent)
    }

    /// A book of rules that are written as the list in a file.
    static func book(_ rules: String) throws -> RuleBook {
        let (scenario, mistakes) = ScenarioFile.read(
            Array(#"{"understudy": 1, "rules": [\#(rules)]}"#.utf8), fileName: "test.json", .complete())
        return try RuleBook(#require(scenario, "\(mistakes)"))
    }

    /// What comes back for a body: the rule's name and its reply, or nil and the near misses.
    func ask(_ body: String) -> (rule: String?, reply: RenderedReply?, misses: [NearMiss]) {
        call += 1
        let question = Question(target: target, session: session, user: user, call: call, state: state)
        var payload = Payload(Array(body.utf8))
        let fields = headers
        let lookup: HeaderLookup = { name in fields[String(lossy: name)].map { ArraySlice($0.utf8) } }
        switch book.match(question, among: book.candidates(for: target), &payload, header: lookup) {
        case .none(let misses): return (nil, nil, misses)
        case .rule(let rule):
            let reply = book.reply(rule, to: question, &payload, chance: &chance, now: Self.now, header: lookup)
            state = book.nextState(after: rule) ?? state
            return (book.name(of: rule), reply, [])
        }
    }

    func rule(_ body: String) -> String? { ask(body).rule }

    /// The reply's body as text; frames one after the other.
    func text(_ body: String) -> String? {
        guard let reply = ask(body).reply else { return nil }
        switch reply.body {
        case .bytes(let bytes): return String(lossy: bytes)
        case .stream(let script, _): return script.frames.map { String(lossy: $0.bytes) }.joined()
        case .conversation: return nil
        case .serviceError(let name, let message): return "\(name): \(message ?? "")"
        case .agentError(let status, _): return "agent error \(status)"
        }
    }
}
