import CShims
import Glibc
import Server
import Time

/// A socket that waits, as commands may, but never longer than its patience.
enum WaitingSocket {
    enum Outcome: Equatable {
        case connected(Int32)
        /// The host, and why it has none.
        case noAddress(String)
        case nobody
    }

    /// To the first of the host's addresses where somebody listens.
    static func connect(to host: String, port: UInt16, patience: Duration) -> Outcome {
        let addresses: [String]
        do throws(NameResolver.NoAddress) {
            addresses = try NameResolver.wait(for: host)
        } catch {
            return .noAddress(error.reason)
        }
        for address in addresses {
            let socket = shim_connect(address, port)
            if socket >= 0, isConnected(socket, patience) {
                makeWait(socket, patience)
                return .connected(socket)
            }
            if socket >= 0 { close(socket) }
        }
        return .nobody
    }

    private static func isConnected(_ socket: Int32, _ patience: Duration) -> Bool {
        var waited = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        let milliseconds = Int32(clamping: patience.nanoseconds / 1_000_000)
        return poll(&waited, 1, milliseconds) == 1 && shim_socket_error(socket) == 0
    }

    private static func makeWait(_ socket: Int32, _ patience: Duration) {
        _ = fcntl(socket, F_SETFL, 0)
        let microseconds = Int(patience.nanoseconds / 1_000)
        var patience = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
    }
}
