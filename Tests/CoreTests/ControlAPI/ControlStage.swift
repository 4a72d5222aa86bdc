import Bytes
import Delivery
import Emulator
import HTTPWire
import JSON
import Journal
import Library
import Runtime
import Support
import Testing
import Time

@testable import ControlAPI

/// An emulator with a journal and the control API in front of both, without a server. Its clock stands at noon.
final class ControlStage {
    let understudy: Understudy
    let journal = MadeJournal()
    private let library: Scenario
    private let table: ControlTable
    var now = Stage.noon
    /// The monotonic clock, in nanoseconds.
    var monotonic: Int64 = 0

    /// One agent, which anybody may call.
    static let usual = #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#

    init(_ scenario: String = usual, token: String? = nil) throws {
        library = try #require(ScenarioFile.read(Array(scenario.utf8), fileName: "test", .complete()).0)
        var settings = Understudy.Settings(seed: 1)
        settings.checksAccess = false
        understudy = try Understudy(scenario: library, settings: settings, now: Stage.noon)
        table = ControlTable(ControlGuard(token: token))
    }

    /// What a control call is answered before anything more happens, and where the rest comes from.
    func reply(
        _ method: String, _ path: String, _ body: String = "", _ fields: String = "", prefix: String = ""
    ) -> ControlTable.Reply {
        let host = fields.contains("Host: ") ? "" : "Host: localhost\r\n"
        let text =
            "\(method) \(prefix)/_understudy/\(path) HTTP/1.1\r\n\(host)\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        guard let request = Request(reading: Array(text.utf8), known: .understudy) else {
            Issue.record("no request: \(text)")
            return ControlTable.Reply(steps: [])
        }
        let world = ControlWorld(
            state: understudy.state, journal: journal, library: library,
            server: ControlWorld.Server(version: "0.1.0", uptime: 61_500_000_000, inFlight: 2))
        return table.answer(ControlRequest(request, arrived: monotonic, now: now), in: world)
    }

    /// The status and the JSON of an answer that is all known at once, or made while it is taken.
    func control(
        _ method: String, _ path: String, _ body: String = "", _ fields: String = "", prefix: String = ""
    ) -> (Int, Value) {
        let reply = reply(method, path, body, fields, prefix: prefix)
        var (steps, source) = (reply.steps, reply.source as? PulledJSON)
        while steps.last != .end, let next = source?.next(now: monotonic) {
            if case .steps(let more) = next { steps += more }
        }
        let (head, bytes) = Self.parts(of: steps)
        return (head?.status ?? 0, (try? Value.parse(bytes)) ?? .null)
    }

    /// What an `await` is answered at this moment of the monotonic clock, however often it has to be asked.
    func awaited(_ body: String, _ fields: String = "", at moment: Int64) -> (Int, Value) {
        answered("await", body, fields, at: moment)
    }

    /// The same for any call whose answer may have to be waited for.
    func answered(_ path: String, _ body: String, _ fields: String, at moment: Int64) -> (Int, Value) {
        var reply = reply("POST", path, body, fields)
        var asked = 0
        while asked < 100, let next = reply.source?.next(now: moment) {
            asked += 1
            guard case .steps(let steps) = next else { continue }
            let (head, bytes) = Self.parts(of: steps)
            return (head?.status ?? 0, (try? Value.parse(bytes)) ?? .null)
        }
        return (0, .null)
    }

    static func parts(of steps: [Step]) -> (head: ResponseHead?, body: [UInt8]) {
        var (head, body): (ResponseHead?, [UInt8]) = (nil, [])
        for step in steps.flatMap(\.parts) {
            switch step {
            case .head(let found): head = found
            case .body(let bytes): body += bytes
            default: break
            }
        }
        return (head, body)
    }

    /// Makes one call that is no control call; it is over at once.
    @discardableResult func call(
        _ path: String = "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012",
        body: String = #"{"prompt":"yes"}"#, fields: String = ""
    ) throws -> (status: Int, body: String) {
        let text =
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let request = try #require(Request(reading: Array(text.utf8), known: .understudy))
        let answer = understudy.receive(request, arrived: now, now: now, inFlight: 1, documents: 0)
        guard case .deliver(let answered) = answer else {
            throw Stage.NotARequest(text: "the answer is a fetch")
        }
        journal.arrived(answered.call)
        let (head, body) = Self.parts(of: answered.script.steps)
        return (head?.status ?? 0, String(lossy: body))
    }
}

/// A journal in memory.
final class MadeJournal: ControlledJournal {
    private(set) var log = CallLog()
    private(set) var metrics = CallMetrics()
    private(set) var marks = MarkLog()
    let failure: String? = nil
    private var changes: [CallChange] = []
    private(set) var isRestarted = false
    private var event = CallEvent()

    var changeCount: Int { changes.count }

    func change(after seen: inout Int) -> CallChange? {
        guard seen < changes.count else { return nil }
        seen += 1
        return changes[seen - 1]
    }

    func clear(isRestart: Bool) {
        log.removeAll()
        marks.removeAll()
        isRestarted = isRestarted || isRestart
    }

    func add(_ mark: Mark) { marks.append(mark) }

    func arrived(_ call: borrowing Call) {
        event.setArrival(of: call)
        log.append(event)
        changes.append(.arrived(event.number))
        _ = metrics.arrived(call)
    }

    func ended(_ number: Int, _ report: Report) {
        event.setEnding(of: number, report)
        log.append(event)
        changes.append(.ended(number))
    }
}
