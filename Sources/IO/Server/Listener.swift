import CShims
import EventLoop
import Glibc

/// Accepts connections.
final class Listener: Watcher {
    private let service: ServingLoop
    private let isSecured: Bool
    private let socket: Int32
    private var id = WatchID.none
    let port: UInt16
    private var warnedAt = Int64.min

    init(service: ServingLoop, port wanted: UInt16, isSecured: Bool = false) throws(StartError) {
        let settings = service.settings
        let address = settings.host == "localhost" ? "127.0.0.1" : settings.host
        let opened = shim_listen(address, wanted, 4_096)
        guard opened >= 0 else {
            let option = isSecured ? "--tls-port" : "--port"
            throw StartError(listening: settings.host, port: wanted, error: -opened, option: option)
        }
        self.service = service
        self.isSecured = isSecured
        socket = opened
        port = UInt16(clamping: shim_local_port(opened))
        do { id = try service.loop.add(self, descriptor: opened) } catch {
            shim_close(opened)
            throw .system(error)
        }
    }

    func changed(_ events: Events) { acceptAll() }
    func deadlinePassed() { acceptAll() }
    func takeTurn() { acceptAll() }

    /// Edge-triggered: accepts until nobody is left, but lets the others go first now and then.
    private func acceptAll() {
        for _ in 0..<256 {
            let accepted = shim_accept(socket)
            if accepted >= 0 {
                Connection.open(accepted, service: service, isSecured: isSecured)
            } else if accepted == -EAGAIN {
                return
            } else if Self.isExhaustion(-accepted) {
                return pause(because: -accepted)
            }
            // Anything else is the connection's own failure (ECONNABORTED …), accept(2): go on with the next.
        }
        service.loop.takeTurnLater(id)
    }

    private static func isExhaustion(_ error: Int32) -> Bool {
        error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM
    }

    /// Out of descriptors: those who wait stay in the backlog, and trying again at once would only spin.
    private func pause(because error: Int32) {
        let now = service.loop.now
        service.loop.setDeadline(now + 100_000_000, for: id)
        guard now &- warnedAt > 10_000_000_000 || warnedAt == .min else { return }
        warnedAt = now
        service.settings.warn(
            "cannot accept connections: \(String(cString: shim_error_text(error))); trying again every 100 ms. "
                + "Raise the limit of open files (ulimit -n).")
    }

    func close() {
        service.loop.remove(id)
        shim_close(socket)
    }
}
