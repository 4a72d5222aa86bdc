import Access
import Delivery
import Emulator
import EventLoop
import Forwarding
import HTTPWire
import JSON
import Journal
import Library
import Runtime
import Store
import Support
import Testing
import Time

@testable import Server

/// A server on a port of its own and a thread of its own, which answers what the test says.
final class TestServer: Sendable {
    typealias Script = @Sendable (Request) -> [Step]

    let server: RunningServer
    private let thread: RunningThread

    var port: UInt16 { server.port }

    convenience init(settings: ServingSettings? = nil, _ script: @escaping Script) throws {
        try self.init(settings: settings, answering: ScriptedAnswers(script))
    }

    /// A test that waits for something may itself be kept waiting on a busy machine, and its client meanwhile says
    /// nothing: only a test of a limit has it as short as a user does.
    static var patient: ServingSettings {
        var settings = ServingSettings()
        let hour: Int64 = 3_600_000_000_000
        settings.timeouts.head = hour
        settings.timeouts.handshake = hour
        settings.timeouts.idle = hour
        settings.timeouts.body = hour
        settings.timeouts.write = hour
        return settings
    }

    init(
        settings: ServingSettings? = nil, answering: any Answering, state: WorkingState? = nil,
        journal: JournalWriter? = nil
    ) throws {
        var settings = settings ?? Self.patient
        settings.port = 0
        let server = try RunningServer(
            settings, answering: answering, state: try state ?? ScriptedAnswers.emptyState(), journal: journal)
        self.server = server
        thread = RunningThread { server.run() }
    }

    /// A server with the real emulator behind it, which checks nobody's credentials.
    static func emulating(
        _ scenario: String = BuiltIn.text, settings: ServingSettings? = nil,
        forward: ForwardSettings = ForwardSettings(), journal: JournalWriter? = nil
    ) throws -> TestServer {
        let read = ScenarioFile.read(Array(scenario.utf8), fileName: "test", .complete()).0
        var emulation = Understudy.Settings(seed: 1)
        emulation.checksAccess = false
        emulation.forward = forward
        let understudy = try Understudy(
            scenario: try #require(read), settings: emulation, now: Instant(seconds: 1_768_478_400))
        return try TestServer(settings: settings, answering: understudy, state: understudy.state, journal: journal)
    }

    func client(receiveBuffer: Int32? = nil) throws -> RawClient {
        try RawClient(port: port, receiveBuffer: receiveBuffer)
    }

    /// Ends the server and returns what its journal holds.
    func stop() async -> [CallRecord] {
        server.stop()
        await thread.ended()
        return server.service.keeper.log.calls()
    }

    /// Waits until the call has ended.
    func ended(_ number: Int) async -> Report {
        await when { $0.log.record(of: number)?.ending }
    }

    /// Waits until the journal gives an answer.
    func when<Result: Sendable>(_ condition: @escaping @Sendable (JournalKeeper) -> Result?) async -> Result {
        await withCheckedContinuation { done in
            server.service.loop.mailbox.post { [keeper = Unchecked(server.service.keeper)] in
                let keeper = keeper.value
                if let result = condition(keeper) { return done.resume(returning: result) }
                let observer = Observer()
                observer.id = keeper.observe {
                    guard let result = condition(keeper) else { return }
                    keeper.forget(observer.id)
                    done.resume(returning: result)
                }
            }
        }
    }

    /// Looks at something inside, on the server's own thread.
    func look<Result: Sendable>(_ at: @escaping @Sendable (ServingLoop) -> Result) async -> Result {
        await withCheckedContinuation { done in
            server.service.loop.mailbox.post { [service = Unchecked(server.service)] in
                done.resume(returning: at(service.value))
            }
        }
    }

    /// Looks until what is seen inside satisfies the test, for a minute at most, and returns it.
    @discardableResult
    func look<Result: Sendable>(
        sourceLocation: SourceLocation = #_sourceLocation, until isEnough: @escaping @Sendable (Result) -> Bool,
        _ at: @escaping @Sendable (ServingLoop) -> Result
    ) async -> Result {
        let start = ContinuousClock.now
        while true {
            // On a busy machine an answer may itself be a minute old: the last look begins after that minute.
            let isLast = ContinuousClock.now - start > .seconds(60)
            let seen = await look(at)
            if isEnough(seen) { return seen }
            if isLast {
                Issue.record("still \(seen) after a minute", sourceLocation: sourceLocation)
                return seen
            }
        }
    }

    /// Waits until what connections hold back in all satisfies the test, and returns it.
    func backlogs(_ isEnough: @escaping @Sendable (Int) -> Bool) async -> Int {
        await look(until: isEnough) { service in
            let connections = service.loop.watchers.compactMap { $0 as? Connection }
            return connections.map(\.transport.unsent).reduce(0, +)
        }
    }

    private final class Observer { var id = 0 }
}

/// Answers as the test says.
final class ScriptedAnswers: Answering, @unchecked Sendable {
    private let script: TestServer.Script
    private var number = 0

    init(_ script: @escaping TestServer.Script) { self.script = script }

    /// What control calls find beside answers that know nothing of them.
    static func emptyState() throws -> WorkingState {
        try Understudy(scenario: Scenario(), settings: Understudy.Settings(seed: 1), now: Instant(seconds: 0)).state
    }

    func receive(
        _ request: Request, arrived: Instant, now: Instant, inFlight: Int, documents: Int
    ) -> Understudy.Answer {
        answer(request, script(request), arrived, inFlight)
    }

    func receiveRefused(
        status: Int, message: String, head: Request, arrived: Instant, inFlight: Int
    ) -> Understudy.Answer {
        answer(head, .json(message, status: status), arrived, inFlight)
    }

    func receive(datagram: [UInt8], arrived: Instant, inFlight: Int) -> AnsweredCall {
        number += 1
        let call = Call(
            number: number, space: SpaceName.usual, arrived: arrived, request: .none, inFlight: inFlight)
        return AnsweredCall(entry: CallEntry(call), script: ScriptedSource([]))
    }

    func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant) {}
    func learn(_ identity: Identity.Knowledge) {}

    private func answer(_ request: Request, _ steps: [Step], _ arrived: Instant, _ inFlight: Int) -> Understudy.Answer {
        number += 1
        let call = Call(number: number, space: "default", arrived: arrived, request: request, inFlight: inFlight)
        return .deliver(AnsweredCall(entry: CallEntry(call), script: ScriptedSource(steps)))
    }
}

extension [Step] {
    /// A plain answer.
    static func json(_ text: String, status: Int = 200) -> [Step] {
        var fields = FieldBlock()
        fields.add("Content-Type", "application/json")
        return [
            .head(ResponseHead(status: status, fields: fields, length: .known(text.utf8.count))),
            .body([UInt8](text.utf8)), .end,
        ]
    }

    /// The head of an answer whose length is not known.
    static func streamed(_ rest: Step...) -> [Step] {
        [.head(ResponseHead(status: 200, fields: FieldBlock(), length: .unknown))] + rest
    }
}

extension FrameScript {
    /// Frames a fixed time apart.
    init(_ texts: [String], every nanoseconds: Int64) {
        self.init(
            frames: texts.enumerated().map { index, text in
                Frame(bytes: Array(text.utf8), offset: Int64(index) * nanoseconds, gap: nanoseconds)
            })
    }
}
