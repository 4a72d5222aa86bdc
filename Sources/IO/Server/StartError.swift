import CShims
import EventLoop
import Glibc

/// Why a server does not start.
package enum StartError: Error, Equatable, Sendable {
    case portInUse(host: String, port: UInt16)
    case notAnAddress(String)
    case cannotListen(host: String, port: UInt16, reason: String)
    case system(SystemError)

    init(listening host: String, port: UInt16, error: Int32) {
        switch error {
        case EADDRINUSE: self = .portInUse(host: host, port: port)
        case EINVAL: self = .notAnAddress(host)
        default: self = .cannotListen(host: host, port: port, reason: String(cString: shim_error_text(error)))
        }
    }

    package var text: String {
        switch self {
        case .portInUse(let host, let port):
            "port \(port) on \(host) is in use by another program: stop that program, or choose another port with --port (0 picks one)"
        case .notAnAddress(let host):
            "\(host) is not an IP address: --host takes an IPv4 or IPv6 address, or localhost"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host) port \(port): \(reason)"
        case .system(let error): error.text
        }
    }
}
