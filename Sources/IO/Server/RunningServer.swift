import CShims
import Control
import Emulator
import EventLoop
import Glibc
import Store

/// A server on one loop. Everything but `stop` belongs to the thread that runs it.
package final class RunningServer: @unchecked Sendable {
    let service: Service
    private let listener: Listener
    private var signals: SignalWatch?

    /// Listens from here on; nobody is answered before `run`. `state` is what the control calls show and change.
    package init(
        _ settings: ServingSettings, answering: any Answering, state: WorkingState, journal: JournalWriter? = nil
    ) throws(StartError) {
        var settings = settings
        if settings.controlToken == nil, !ControlGuard.isLoopback(settings.host) {
            settings.controlToken = Self.newToken()
        }
        _ = shim_raise_descriptor_limit()
        do throws(SystemError) {
            let loop = try Loop()
            let keeper = try Keeper(loop: loop, settings: settings, writer: journal)
            service = Service(
                loop: loop, settings: settings, answering: answering, state: state, keeper: keeper)
        } catch {
            throw .system(error)
        }
        listener = try Listener(service: service)
    }

    private static func newToken() -> String {
        (0..<4).map { _ in String(shim_random() | 1 << 63, radix: 36) }.joined()
    }

    package var port: UInt16 { listener.port }

    /// Where it is found.
    package var url: String {
        let host = service.settings.host
        return "\(service.rules.request.scheme.prefix)\(host.contains(":") ? "[\(host)]" : host):\(port)"
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
        service.keeper.close()
    }

    /// From any thread: no new calls; streams end, and `run` returns once the journal is written.
    package func stop() {
        service.loop.mailbox.post { self.shutDown() }
    }

    private func shutDown() {
        guard !service.isStopping else { return }
        service.isStopping = true
        listener.close()
        for watcher in service.loop.watchers { (watcher as? Connection)?.endNow() }
        service.loop.stop()
    }
}
