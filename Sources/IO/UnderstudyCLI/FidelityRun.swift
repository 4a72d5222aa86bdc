import Bytes
import CShims
import Delivery
import Emulator
import Glibc
import HTTPWire
import Library
import Recording
import Server
import Time

/// Replays a recording against itself: this program serves it on a port of the loopback, and asks for every call.
///
/// Each call becomes a session of its own, so that nothing but itself can answer it, whatever else is equal to it.
final class FidelityRun {
    private let calls: [RecordedCall]
    private let ready: [ReadyCall]
    private let speed: Double
    private let server: RunningServer
    private var streams: [StreamFidelity] = []

    init(_ recorded: [RecordedCall], speed: Double) throws(Failure) {
        let operations = ["InvokeAgentRuntime", "GetAgentCard"]
        calls = recorded.enumerated().map { Self.apart($1, number: $0) }.filter { operations.contains($0.operation) }
        self.speed = speed
        var scenario = Scenario()
        var agent = Agent(arn: "*")
        (agent.auth, agent.endpoints) = (Auth.none, ["*"])
        scenario.agents = [agent]
        scenario.recorded = calls
        var settings = Understudy.Settings(seed: 1)
        (settings.checksAccess, settings.speed) = (false, speed)
        var serving = ServingSettings()
        (serving.port, serving.journalLimit) = (0, 1)
        do {
            let understudy = try Understudy(scenario: scenario, settings: settings, now: WallClock.now)
            ready = try ReplayBook(calls, ReplaySettings(), ReplayOptions()).calls
            server = try RunningServer(serving, answering: understudy, state: understudy.state)
        } catch {
            throw Failure((error as? StartError)?.text ?? "\(error)")
        }
    }

    private static func apart(_ call: RecordedCall, number: Int) -> RecordedCall {
        var call = call
        call.session = "fidelity-of-recorded-call-\(number)-0123456789"
        return call
    }

    /// So many calls at a time; those of a short recording again until there are as many.
    func run(streams count: Int, _ progress: ProgressLine) throws(Failure) -> Fidelity {
        guard !calls.isEmpty else { throw Failure("holds no recorded call that can be replayed") }
        let thread = try ServerThread(server)
        defer { thread.stop() }
        var open: [ReplayedStream] = []
        var next = 0
        let total = max(calls.count, count)
        while next < total || !open.isEmpty {
            while open.count < count, next < total {
                open.append(try ReplayedStream(next % calls.count, self))
                next += 1
            }
            try wait(for: &open)
            progress.reached(streams.count, of: total)
        }
        return Fidelity(calls: calls.count, streams: streams)
    }

    fileprivate func comparison(of number: Int) -> ReplayComparison {
        ReplayComparison(ready[number].answer(session: calls[number].session), speed: speed)
    }

    fileprivate func request(for number: Int) throws(Failure) -> [UInt8] {
        let call = calls[number]
        var fields = FieldBlock()
        fields.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", call.session ?? "")
        fields.add("X-Understudy-Space", "stream-\(number % 1_000)")
        fields.add("Connection", "close")
        let isCard = call.operation == "GetAgentCard"
        let account = call.agent.hasPrefix("arn:") ? "" : "&accountId=123456789012"
        let target =
            "/runtimes/\(PercentEncoding.encode(call.agent.utf8))/invocations"
            + (isCard ? "/.well-known/agent-card.json" : "")
            + "?qualifier=\(PercentEncoding.encode(call.qualifier.utf8))\(account)"
        var bytes: [UInt8] = []
        let isWhole = RequestWriter.append(
            method: isCard ? "GET" : "POST", target: Array(target.utf8), host: "127.0.0.1", fields: fields,
            body: isCard ? [] : call.requestBody, to: &bytes)
        guard isWhole else { throw Failure("the agent of call \(number + 1) cannot stand in a request: \(call.agent)") }
        return bytes
    }

    fileprivate func connected() throws(Failure) -> Int32 {
        let socket = shim_connect("127.0.0.1", server.port)
        guard socket >= 0 else {
            throw Failure("no connection to itself: \(String(cString: shim_error_text(-socket)))")
        }
        return socket
    }

    /// Until something comes, or somebody's time is over.
    private func wait(for open: inout [ReplayedStream]) throws(Failure) {
        var descriptors = open.map { pollfd(fd: $0.socket, events: Int16($0.isSent ? POLLIN : POLLOUT), revents: 0) }
        let patience = (open.map(\.patience).min() ?? 0) - shim_monotonic()
        let milliseconds = Int32(clamping: max(0, patience) / 1_000_000 + 1)
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) >= 0 || errno == EINTR else {
            throw Failure("poll: \(String(cString: strerror(errno)))")
        }
        for (stream, descriptor) in zip(open, descriptors) {
            if descriptor.revents != 0 { try stream.goOn() } else { stream.checkPatience() }
        }
        streams += open.filter(\.isOver).map(\.fidelity)
        open.removeAll { $0.isOver }
    }
}

/// One call on its way.
private final class ReplayedStream {
    let socket: Int32
    private let number: Int
    private var rest: ArraySlice<UInt8>
    private var sent: Int64 = 0
    private var reader = AnswerReader()
    private var comparison: ReplayComparison
    private(set) var isOver = false
    private var piece = [UInt8](repeating: 0, count: 65_536)

    init(_ number: Int, _ run: FidelityRun) throws(Failure) {
        self.number = number
        comparison = run.comparison(of: number)
        rest = try run.request(for: number)[...]
        socket = try run.connected()
    }

    var isSent: Bool { rest.isEmpty }
    var fidelity: StreamFidelity { comparison.stream(call: number + 1) }

    /// When it is certain that nothing more comes: a moment of the monotonic clock.
    var patience: Int64 { isSent ? sent.later(by: comparison.end).later(by: 2_000_000_000) : .max / 2 }

    func goOn() throws(Failure) {
        guard isSent else { return try send() }
        while !isOver {
            let count = shim_receive(socket, &piece, piece.count)
            if count == -Int64(EAGAIN) || count == -Int64(EINTR) { return }
            let now = shim_monotonic() - sent
            guard count > 0 else { return finish(reader.isEnded ? .whole : .cut) }
            take(Array(piece[..<Int(count)]), at: now)
            if reader.isEnded { finish(.whole) }
        }
    }

    private func send() throws(Failure) {
        let bytes = Array(rest)
        let count = shim_send(socket, bytes, bytes.count, nil, 0, nil, 0)
        if count == -Int64(EAGAIN) || count == -Int64(EINTR) { return }
        guard count >= 0 else {
            throw Failure("the request was not taken: \(String(cString: strerror(Int32(-count))))")
        }
        rest = rest.dropFirst(Int(count))
        if isSent { sent = shim_monotonic() }
    }

    private func take(_ bytes: [UInt8], at moment: Int64) {
        reader.read(bytes) { event in
            switch event {
            case .head(let status): comparison.head(status: status)
            case .body(let range): comparison.body(bytes[range], at: moment)
            case .chunkEnded: comparison.chunkEnded()
            case .ended: break
            case .garbage: comparison.head(status: 0)
            }
        }
    }

    func checkPatience() { if !isOver, isSent, shim_monotonic() > patience { finish(.silent) } }

    private func finish(_ ending: ReplayComparison.Ending) {
        isOver = true
        comparison.ended(ending)
        shim_close(socket)
    }
}

/// The server on a thread of its own, so that who measures does not wait for who answers.
private final class ServerThread {
    private let server: RunningServer
    private var thread = pthread_t()

    init(_ server: RunningServer) throws(Failure) {
        self.server = server
        let start = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<RunningServer>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(server).toOpaque())
        guard start == 0 else { throw Failure("no thread: \(String(cString: strerror(start)))") }
    }

    func stop() {
        server.stop()
        pthread_join(thread, nil)
    }
}
