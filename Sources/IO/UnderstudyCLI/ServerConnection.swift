import Bytes
import Glibc
import HTTPWire
import TLS
import Time

/// One blocking connection to a server, plain or over TLS. It is closed when nobody holds it any more.
final class ServerConnection {
    private let address: ServerAddress
    private let patience: Duration
    private let socket: Int32
    private let channel: SecureChannel?

    /// `authority` is a file with those that are trusted besides the system's; it is read for `https://` alone.
    init(to address: ServerAddress, trusting authority: String?, patience: Duration) throws(Failure) {
        var trust: ClientSecurity?
        if address.scheme == .https { trust = try Self.trust(authority) }
        (self.address, self.patience) = (address, patience)
        socket = try Self.connected(address, patience)
        channel = trust?.channel(socket, to: address.host)
    }

    deinit {
        channel?.finish()
        close(socket)
    }

    func send(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty { rest = rest.dropFirst(try leave(rest)) }
    }

    /// How many of the bytes were sent.
    private func leave(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Int {
        if let channel {
            let outcome = bytes.withUnsafeBytes { channel.send($0) }
            guard case .moved(let count) = outcome else { throw broken(outcome) }
            return count
        }
        while true {
            let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw broken(errno) }
            return count
        }
    }

    /// Empty at the end.
    func receive() throws(Failure) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 65_536)
        if let channel {
            let outcome = piece.withUnsafeMutableBufferPointer { channel.receive(into: $0) }
            switch outcome {
            case .moved(let count): return Array(piece[..<count])
            case .ended: return []
            // HTTP's own lengths tell what is whole.
            case .failed(.cutOff) where !channel.isShakingHands: return []
            default: throw broken(outcome)
            }
        }
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw broken(errno) }
            return Array(piece[..<count])
        }
    }

    // MARK: What goes wrong

    private func broken(_ error: Int32) -> Failure {
        guard error != EAGAIN else { return Failure("\(address.authority) says nothing for \(patience.text)") }
        return Failure("the connection to \(address.authority) broke: \(String(cString: strerror(error)))")
    }

    private func broken(_ outcome: SecureChannel.Outcome) -> Failure {
        guard case .failed(let failure) = outcome else { return broken(EAGAIN) }
        let hint =
            switch failure {
            case .notTLS: ": for plain HTTP write http://\(address.authority)"
            case .unknownAuthority:
                ": --ca FILE names an authority to trust (on the server's machine, understudy ca tells it)"
            default: ""
            }
        return Failure("https://\(address.authority): \(failure.text)\(hint)")
    }

    private static func trust(_ authority: String?) throws(Failure) -> ClientSecurity {
        do throws(ClientSecurity.Refusal) { return try ClientSecurity(authorities: authority) } catch {
            throw Failure(error.text)
        }
    }

    // MARK: Connecting

    private static func connected(_ address: ServerAddress, _ patience: Duration) throws(Failure) -> Int32 {
        switch WaitingSocket.connect(to: address.host, port: address.port, patience: patience) {
        case .connected(let socket): return socket
        case .noAddress(let reason): throw Failure("there is no host \(reason)")
        case .nobody: throw Failure("no server answers on \(address.authority) (understudy serve starts one)")
        }
    }
}

/// Where a running server is: `http://127.0.0.1:8787` or its port for TLS, and the part of it that a path in front of the control API
/// names (`/_space/a`).
package struct ServerAddress: Equatable, Sendable {
    package static let usual = "http://127.0.0.1:8787"

    package let scheme: Scheme
    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: UInt16
    /// Empty, or segments with a slash before each.
    package let prefix: String

    package init(_ url: String) throws(Failure) {
        guard let scheme = Scheme(of: url) else {
            throw Failure("\(url) is not the address of a server: write \(Self.usual)")
        }
        guard !url.contains(where: { "?#@\\".contains($0) }) else {
            throw Failure("\(url): an address has a host, a port and a path, and nothing else")
        }
        guard let uri = HTTPURI(url) else {
            throw Failure("\(url): the host or the port is wrong: write \(Self.usual)")
        }
        (self.scheme, host, port) = (scheme, uri.host, uri.port)
        prefix = Self.prefix(of: uri.target)
    }

    package var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The path without slashes at its end, and without the control API's own part: both are often copied along.
    private static func prefix(of path: String) -> String {
        var segments = path.split(separator: "/")
        if let control = segments.firstIndex(of: "_understudy") { segments = Array(segments[..<control]) }
        return segments.map { "/" + $0 }.joined()
    }
}
