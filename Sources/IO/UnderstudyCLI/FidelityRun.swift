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
import WebSocketWire

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
        let operations = ["InvokeAgentRuntime", "GetAgentCard", "InvokeAgentRuntimeWithWebSocketStream"]
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
        var open: [any FidelityStream] = []
        var next = 0
        let total = max(calls.count, count)
        while next < total || !open.isEmpty {
            while open.count < count, next < total {
                open.append(try stream(next % calls.count))
                next += 1
            }
            try wait(for: &open)
            progress.reached(streams.count, of: total)
        }
        return Fidelity(calls: calls.count, streams: streams)
    }

    private func stream(_ number: Int) throws(Failure) -> any FidelityStream {
        let answer = ready[number].answer(session: calls[number].session)
        guard let conversation = ConversationComparison(answer, speed: speed) else {
            let request = try request(for: number)
            return ReplayedStream(number, ReplayComparison(answer, speed: speed), request, try connected())
        }
        var chance = SystemRandomNumberGenerator()
        let request = try request(for: number, opening: OpeningOffer(chance: &chance).lines)
        return ReplayedConversation(number, conversation, request, try connected())
    }

    private func request(for number: Int, opening: [Opening.Line] = []) throws(Failure) -> [UInt8] {
        let call = calls[number]
        var fields = FieldBlock()
        fields.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", call.session ?? "")
        fields.add("X-Understudy-Space", "stream-\(number % 1_000)")
        for line in opening { fields.add(line.name, line.value) }
        if opening.isEmpty { fields.add("Connection", "close") }
        let isCard = call.operation == "GetAgentCard"
        let door = isCard ? "invocations/.well-known/agent-card.json" : opening.isEmpty ? "invocations" : "ws"
        let account = call.agent.hasPrefix("arn:") ? "" : "&accountId=123456789012"
        let target =
            "/runtimes/\(PercentEncoding.encode(call.agent.utf8))/\(door)"
            + "?qualifier=\(PercentEncoding.encode(call.qualifier.utf8))\(account)"
        var bytes: [UInt8] = []
        let isAsked = isCard || !opening.isEmpty
        let isWhole = RequestWriter.append(
            method: isAsked ? "GET" : "POST", target: Array(target.utf8), host: "127.0.0.1", fields: fields,
            body: isAsked ? [] : call.requestBody, keepsAlive: !opening.isEmpty, isSwitching: !opening.isEmpty,
            to: &bytes)
        guard isWhole else { throw Failure("the agent of call \(number + 1) cannot stand in a request: \(call.agent)") }
        return bytes
    }

    private func connected() throws(Failure) -> Int32 {
        let socket = shim_connect("127.0.0.1", server.port)
        guard socket >= 0 else {
            throw Failure("no connection to itself: \(String(cString: shim_error_text(-socket)))")
        }
        return socket
    }

    /// Until something comes, or somebody's time is over.
    private func wait(for open: inout [any FidelityStream]) throws(Failure) {
        var descriptors = open.map { pollfd(fd: $0.socket, events: Int16($0.isSent ? POLLIN : POLLOUT), revents: 0) }
        let patience = (open.map(\.patience).min() ?? 0) - shim_monotonic()
        let milliseconds = Int32(clamping: max(0, patience) / 1_000_000 + 1)
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) >= 0 || errno == EINTR else {
            throw Failure("poll: \(String(cString: strerror(errno)))")
        }
        for (stream, descriptor) in zip(open, descriptors) {
            if descriptor.revents != 0 { try stream.goOn() }
            try stream.timePassed()
        }
        streams += open.filter(\.isOver).map(\.fidelity)
        open.removeAll { $0.isOver }
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
