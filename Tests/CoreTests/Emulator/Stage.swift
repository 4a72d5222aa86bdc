import Bytes
import Crypto
import Delivery
import Emulator
import HTTPWire
import JSON
import Journal
import Library
import Recording
import Rules
import Runtime
import SigV4
import Testing
import Time

/// An understudy on a scenario, called in words and answering in words. Its clock stands at noon, 15 January 2026.
final class Stage {
    struct Reply {
        var status: Int
        var fields: FieldBlock
        var body: String
        var steps: [Step]
        var call: Call

        var json: Value? { try? Value.parse(body) }
        var message: String? { json?["message"]?.text }
        func field(_ name: String) -> String? { fields.value(of: name) }
    }

    static let noon = Instant(seconds: 1_768_478_400)
    static let session = "session-0123456789-0123456789-0123456789"
    static let arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/hosted_agent-Ab12Cd34Ef"
    static let path = "/runtimes/\(PercentEncoding.encode(arn.utf8))"

    let understudy: Understudy
    /// Real time. The space's clock follows it until it is told otherwise.
    var now = Stage.noon
    /// What neighbours read, and how many calls of it at a time.
    var journal = CallLog()
    var looks = Int.max
    /// Of the last answer.
    private(set) var segments: [TraceSegment] = []

    init(
        _ scenario: String, checksAccess: Bool = false, echoesSignatures: Bool = true,
        replay: ReplayOptions = ReplayOptions(),
        forward: ForwardSettings = ForwardSettings()
    ) throws {
        let (read, mistakes) = ScenarioFile.read(
            Array(scenario.utf8), fileName: "stage.json", .complete())
        try #require(mistakes.isEmpty, "\(mistakes)")
        var settings = Understudy.Settings(seed: 7)
        settings.checksAccess = checksAccess
        settings.echoesSignatures = echoesSignatures
        settings.replay = replay
        settings.forward = forward
        understudy = try Understudy(scenario: try #require(read), settings: settings, now: Stage.noon)
    }

    /// The built-in library, which asks callers who they are.
    convenience init() throws { try self.init(BuiltIn.text, checksAccess: true) }

    /// What the understudy says to this request, or the URL that it wants fetched first.
    func answer(
        _ method: String, _ target: String, _ fields: [(String, String)] = [], _ body: String = "", documents: Int = 0
    ) throws -> Understudy.Answer {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        for field in Self.withHost(fields) { text += "\(field.0): \(field.1)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        let bytes = Array((text + "\r\n" + body).utf8)
        guard let request = Request(reading: bytes) else { throw NotARequest(text: text) }
        return understudy.receive(request, arrived: now, now: now, inFlight: 1, documents: documents)
    }

    /// The call's entry and the steps of its answer, which may have no head.
    func delivery(
        _ method: String, _ target: String, _ fields: [(String, String)] = [], _ body: String = "", documents: Int = 0
    ) throws -> (call: Call, steps: [Step]) {
        switch try answer(method, target, fields, body, documents: documents) {
        case .deliver(let answered):
            segments = answered.segments
            return (answered.call, answered.script.steps.flatMap(\.parts))
        case .read(let reading):
            // A piece that looks at nothing more would go on for ever.
            for _ in 0...3 * journal.count + 10 {
                var budget = looks
                guard let answered = reading.answer(from: journal, budget: &budget) else { continue }
                return (answered.call, answered.script.steps.flatMap(\.parts))
            }
            throw NotARequest(text: "the search in the journal does not end")
        case .fetch: throw NotARequest(text: "the answer is a fetch")
        case .forward: throw NotARequest(text: "the call is passed on")
        case .replay: throw NotARequest(text: "the answer stays in its file")
        case .converse: throw NotARequest(text: "the answer is a conversation")
        }
    }

    func call(
        _ method: String, _ target: String, _ fields: [(String, String)] = [], _ body: String = "", documents: Int = 0
    ) throws -> Reply {
        let (call, steps) = try delivery(method, target, fields, body, documents: documents)
        return try Self.reply(call, steps)
    }

    /// `POST …/invocations`, in the test's session unless told.
    func invoke(
        _ body: String = "{}", path: String = Stage.path, session: String? = Stage.session,
        _ fields: [(String, String)] = []
    ) throws -> Reply {
        let header = session.map { [("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", $0)] } ?? []
        return try call("POST", path + "/invocations", header + fields, body)
    }

    /// The same, signed as botocore signs it.
    func invokeSigned(
        _ body: String = "{}", key: String = "test", secret: String = "test", token: String? = nil,
        region: String = "us-west-2", service: String = "bedrock-agentcore", prefix: String = "",
        path: String = Stage.path, query: String = "", at moment: Instant? = nil
    ) throws -> Reply {
        let signer = Signer(
            accessKeyId: key, credential: SigningCredential(secret: secret, sessionToken: token), region: region,
            service: service)
        let target = prefix + path + "/invocations" + query
        let fields = Self.withHost([])
        let added = signer.sign(
            method: "POST", target: target, fields: fields.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8),
            at: moment ?? now)
        return try call("POST", target, fields + added.map { ($0.name, $0.value) }, body)
    }

    /// A call to another service, signed as botocore signs it.
    func ask(
        _ service: String, _ method: String = "POST", _ target: String = "/", _ fields: [(String, String)] = [],
        _ body: String = "", key: String = "test", secret: String = "test", token: String? = nil,
        signedFor scope: String? = nil, at moment: Instant? = nil
    ) throws -> Reply {
        let signer = Signer(
            accessKeyId: key, credential: SigningCredential(secret: secret, sessionToken: token), region: "eu-west-1",
            service: scope ?? service)
        let own = Self.withHost(fields)
        let added = signer.sign(
            method: method, target: target, fields: own.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8),
            at: moment ?? now)
        return try call(method, target, own + added.map { ($0.name, $0.value) }, body)
    }

    static func reply(_ call: Call, _ steps: [Step]) throws -> Reply {
        var head: ResponseHead?
        var body: [UInt8] = []
        for step in steps.flatMap(\.parts) {
            switch step {
            case .head(let found): head = found
            case .body(let bytes): body += bytes
            case .frames(let run): for index in run.range { body += run.script.frames[index].bytes }
            default: break
            }
        }
        let found = try #require(head)
        return Reply(
            status: found.status, fields: found.fields, body: String(lossy: body), steps: steps, call: call)
    }

    /// A space, to look at it and to change it.
    func space(_ name: String = SpaceName.usual) throws -> Space {
        let found = understudy.state.spaces.space(named: name, now: now)
        return try #require(found)
    }

    /// Arms a fault written as in a scenario file, and returns its name.
    @discardableResult
    func arm(_ fault: String, space name: String = SpaceName.usual) throws -> String {
        let (entry, mistakes) = ScenarioFile.readFault(Array(fault.utf8), fileName: "fault.json", .complete())
        return try space(name).arm(try #require(entry, "\(mistakes)"), now: now)
    }

    struct NotARequest: Error { var text: String }

    private static func withHost(_ fields: [(String, String)]) -> [(String, String)] {
        fields.contains { $0.0.lowercased() == "host" } ? fields : [("Host", "127.0.0.1:8787")] + fields
    }
}

/// A scenario file for one agent, with these rules.
func script(_ rules: String, agent: String = #""arn": "*""#, more: String = "") -> String {
    #"{"understudy": 1, "agents": [{\#(agent)}], \#(more) "rules": [\#(rules)]}"#
}
