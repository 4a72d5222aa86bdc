import Access
import CShims
import EventLoop
import Glibc
import HTTPWire

/// One GET, without ever waiting: connect, send, read, all in the loop's callbacks.
final class Fetch: Watcher {
    private enum Phase {
        case connecting
        case sending
        case reading
        case done
    }

    var waiters: [WatchID] = []
    private let loop: Loop
    private let finished: (Fetch, Result<[UInt8], FetchFailure>) -> Void
    private var id = WatchID.none
    private var socket: Int32 = -1
    private var phase = Phase.connecting
    private var request = Pieces([])
    private var parser: ResponseParser

    init(loop: Loop, finished: @escaping (Fetch, Result<[UInt8], FetchFailure>) -> Void) {
        self.loop = loop
        self.finished = finished
        var limits = Limits()
        limits.body = 1_048_576
        parser = ResponseParser(limits: limits)
    }

    func start(_ url: String, timeout: Int64) {
        guard let place = FetchPlace(url) else {
            return fail("only http URLs of an IP address or localhost can be fetched")
        }
        var bytes: [UInt8] = []
        var fields = FieldBlock()
        fields.add("Accept", "application/json")
        guard
            RequestWriter.append(target: Array(place.target.utf8), host: place.authority, fields: fields, to: &bytes)
        else { return fail("the URL cannot be asked for") }
        request = Pieces(bytes)
        let opened = shim_connect(place.address, place.port)
        guard opened >= 0 else { return fail(Self.text(-opened)) }
        socket = opened
        do { id = try loop.add(self, descriptor: opened) } catch { return fail(error.text) }
        loop.setDeadline(loop.now &+ timeout, for: id)
    }

    func changed(_ events: Events) {
        if phase == .connecting { connect(events) }
        if phase == .sending { send() }
        if phase == .reading { read() }
    }

    func deadlinePassed() {
        fail(phase == .connecting ? "the connection was not accepted in time" : "the answer did not come in time")
    }

    private func connect(_ events: Events) {
        guard events.contains(.writable) || events.contains(.broken) else { return }
        let error = shim_socket_error(socket)
        guard error == 0 else { return fail(Self.text(error)) }
        phase = .sending
    }

    private func send() {
        guard request.send(to: socket) >= 0 else { return fail("the connection broke") }
        if request.isDone { phase = .reading }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while phase == .reading {
            let count = buffer.withUnsafeMutableBytes { shim_receive(socket, $0.baseAddress, $0.count) }
            if count == -Int64(EAGAIN) { return }
            guard count >= 0 else { return fail(Self.text(Int32(-count))) }
            take(count == 0 ? parser.readEnd() : parser.read(buffer.span.extracting(..<Int(count)), from: 0).event)
        }
    }

    private func take(_ event: ResponseParser.Event) {
        switch event {
        case .needsMore: break
        case .refused(let refusal): fail(refusal.message)
        case .response(let response) where response.status == 200: finish(.success(response.body))
        case .response(let response): fail("the answer's status is \(response.status)")
        }
    }

    private func fail(_ reason: String) { finish(.failure(FetchFailure(reason: reason))) }

    private func finish(_ content: Result<[UInt8], FetchFailure>) {
        guard phase != .done else { return }
        phase = .done
        loop.remove(id)
        if socket >= 0 { shim_close(socket) }
        finished(self, content)
    }

    private static func text(_ error: Int32) -> String { String(cString: shim_error_text(error)) }
}
