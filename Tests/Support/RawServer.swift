import Glibc

/// A server that says the same bytes to whoever connects and has sent a head, and closes: for answers that no server of
/// ours would give.
public final class RawServer: Sendable {
    public let port: UInt16
    private let listener: Int32
    private let thread: RunningThread

    public init(saying bytes: [UInt8]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard found else { throw CannotListen(error: errno) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        thread = RunningThread { Self.serve(listener, bytes) }
    }

    public struct CannotListen: Error { public let error: Int32 }

    private static func serve(_ listener: Int32, _ bytes: [UInt8]) {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            _ = recv(client, &buffer, buffer.count, 0)
            _ = bytes.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            close(client)
        }
    }

    public func stop() async {
        shutdown(listener, Int32(SHUT_RDWR))
        await thread.ended()
        close(listener)
    }
}
