import CShims
import ControlAPI
import Emulator
import EventLoop
import Glibc
import HTTPWire
import Library
import Pointing
import Store
import Time

/// A server on one loop. Everything but `stop` belongs to the thread that runs it.
package final class RunningServer: @unchecked Sendable {
    let service: ServingLoop
    private let listener: Listener
    private let securedListener: Listener?
    private var daemon: XRayDaemon?
    private var signals: SignalWatch?
    private var idleWatch: IdleWatch?

    /// Listens from here on; nobody is answered before `run`. `state` is what the control calls show and change.
    package init(
        _ settings: ServingSettings, answering: any Answering, state: WorkingState, journal: JournalWriter? = nil
    ) throws(StartError) {
        var settings = settings
        if settings.controlToken == nil, !ControlGuard.isLoopback(settings.host) {
            settings.controlToken = Self.newToken()
        }
        _ = shim_raise_descriptor_limit()
        let loop: Loop
        let keeper: JournalKeeper
        do throws(SystemError) {
            loop = try Loop()
            keeper = try JournalKeeper(loop: loop, settings: settings, writer: journal)
            if let time = settings.warnsIfIdleFor {
                idleWatch = try IdleWatch(loop: loop, time: time, warn: settings.warn) {
                    !keeper.metrics.series.isEmpty
                }
            }
        } catch {
            throw .system(error)
        }
        let recordings = try Self.recordings(settings, loop)
        service = ServingLoop(
            loop: loop, settings: settings, answering: answering, state: state, keeper: keeper, recordings: recordings)
        if settings.tlsPort != nil { try service.securities.openPort() }
        let plain = try Listener(service: service, port: settings.port)
        listener = plain
        do throws(StartError) {
            let service = service
            securedListener = try settings.tlsPort.map { (port) throws(StartError) in
                try Listener(service: service, port: port, isSecured: true)
            }
            daemon = try settings.daemonPort.map { (port) throws(StartError) in
                try XRayDaemon(service: service, port: port)
            }
        } catch {
            plain.close()
            throw error
        }
        service.proxyPolicy = ProxyPolicy(
            passesOthers: settings.passesOthers, ownPorts: [plain.port] + (securedListener.map { [$0.port] } ?? []))
        service.client.ownPort = listener.port
    }

    private static func recordings(_ settings: ServingSettings, _ loop: Loop) throws(StartError) -> Recordings? {
        guard let settings = settings.recordings else { return nil }
        let now = Instant(nanoseconds: loop.wall(at: loop.now))
        do throws(DatabaseError) {
            return try Recordings(settings, mailbox: loop.mailbox, now: now)
        } catch {
            throw .cannotRecord(error)
        }
    }

    /// After `run`: ends what is recorded, and says what was.
    package func endRecordings() -> [RecordingListing] {
        service.recordings?.endAll(now: service.instant(at: service.loop.now)) ?? []
    }

    private static func newToken() -> String {
        (0..<4).map { _ in String(shim_random() | 1 << 63, radix: 36) }.joined()
    }

    package var port: UInt16 { listener.port }

    /// Where it is found.
    package var url: String { url(service.rules, port) }

    package var tlsPort: UInt16? { securedListener?.port }
    package var daemonPort: UInt16? { daemon?.port }
    package var tlsURL: String? { tlsPort.map { url(service.securedRules, $0) } }

    private func url(_ rules: ServerExchange.Rules, _ port: UInt16) -> String {
        let host = service.settings.host
        return "\(rules.request.scheme.prefix)\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// What control calls have to show; nil when they come from this machine only.
    package var controlToken: String? { service.settings.controlToken }

    /// From now on SIGINT and SIGTERM stop the server; a second one ends the program at once. Before any thread starts.
    package func stopOnSignals() throws(StartError) {
        do { signals = try SignalWatch(loop: service.loop) { [unowned self] in shutDown() } } catch {
            throw .system(error)
        }
    }

    /// Serves until `stop`, or a signal.
    package func run() {
        service.loop.run()
        service.frameReader.close()
        service.keeper.close()
    }

    /// From any thread: another library, as if the server had been started with it. `told` is told by the server's thread
    /// why it is refused, or that it is served.
    package func adopt(_ scenario: Scenario, _ told: @escaping @Sendable (String?) -> Void) {
        service.loop.mailbox.post { told(self.service.adopt(scenario)) }
    }

    /// From any thread: no new calls; streams end, and `run` returns once the journal is written.
    package func stop() {
        service.loop.mailbox.post { self.shutDown() }
    }

    private func shutDown() {
        guard !service.isStopping else { return }
        service.isStopping = true
        listener.close()
        securedListener?.close()
        daemon?.close()
        for watcher in service.loop.watchers {
            (watcher as? Connection)?.endNow()
            (watcher as? ConversationConnection)?.endNow()
        }
        // Those whose client is here were ended with it.
        for watcher in service.loop.watchers { (watcher as? FarConnection)?.endNow() }
        service.loop.stop()
    }
}

/// Why a server does not start.
package enum StartError: Error, Equatable, Sendable {
    case portInUse(host: String, port: UInt16, option: String = "--port")
    case notAnAddress(String)
    case cannotListen(host: String, port: UInt16, reason: String)
    case cannotRecord(DatabaseError)
    case system(SystemError)
    /// What is wrong with the certificates for TLS.
    case security(String)

    init(listening host: String, port: UInt16, error: Int32, option: String = "--port") {
        switch error {
        case EADDRINUSE: self = .portInUse(host: host, port: port, option: option)
        case EINVAL: self = .notAnAddress(host)
        default: self = .cannotListen(host: host, port: port, reason: String(cString: shim_error_text(error)))
        }
    }

    package var text: String {
        switch self {
        case .portInUse(let host, let port, let option):
            "port \(port) on \(host) is in use by another program: stop that program, or choose another port with "
                + "\(option) (0 picks one)"
        case .notAnAddress(let host):
            "\(host) is not an IP address: --host takes an IPv4 or IPv6 address, or localhost"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host) port \(port): \(reason)"
        case .cannotRecord(let error): error.description
        case .system(let error): error.text
        case .security(let text): text
        }
    }
}

/// SIGINT and SIGTERM as events of the loop. After the first one, they have their usual effect again: whoever asks twice
/// does not want to wait for the journal.
final class SignalWatch: Watcher {
    private let descriptor: Int32
    private let stop: () -> Void

    init(loop: Loop, stop: @escaping () -> Void) throws(SystemError) {
        descriptor = shim_stop_signals()
        self.stop = stop
        guard descriptor >= 0 else { throw SystemError(call: "signalfd", number: -descriptor) }
        _ = try loop.add(self, descriptor: descriptor)
    }

    func changed(_ events: Events) {
        guard shim_read_signal(descriptor) > 0 else { return }
        shim_release_stop_signals()
        stop()
    }
}
