import CShims
import Glibc

/// A client that sends exactly these bytes and sees exactly what comes back, down to how the connection ends. Blocking;
/// what takes longer than 20 seconds counts as never.
public final class RawClient: @unchecked Sendable {
    public enum End: Equatable, Sendable {
        case fin
        case reset
        case silence
    }

    public let descriptor: Int32
    private var isOpen = true
    /// Received, and not taken yet.
    private var held: [UInt8] = []

    public init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw CannotConnect(error: errno) }
    }

    public struct CannotConnect: Error { public let error: Int32 }

    deinit { close() }

    // MARK: Sending

    /// Sends everything; false when the server no longer takes it.
    @discardableResult public func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    public func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    public func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Closes with RST.
    public func reset() {
        if isOpen { shim_reset(descriptor) }
        isOpen = false
    }

    // MARK: Receiving

    /// One read. Nil when something arrived, otherwise how it ended.
    private func receiveOnce() -> End? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { held += buffer[..<count] }
        return count > 0 ? nil : count == 0 ? .fin : errno == ECONNRESET ? .reset : .silence
    }

    /// The next `count` bytes, or fewer when the connection ends before.
    public func receive(count: Int) -> [UInt8] {
        while held.count < count, receiveOnce() == nil {}
        defer { held.removeFirst(min(count, held.count)) }
        return Array(held.prefix(count))
    }

    /// The bytes up to and including `mark`, or all until the end.
    public func receive(through mark: String) -> String {
        let bytes = Array(mark.utf8)
        while true {
            if let end = held.firstRange(of: bytes)?.upperBound {
                defer { held.removeFirst(end) }
                return String(decoding: held[..<end], as: UTF8.self)
            }
            if receiveOnce() != nil { break }
        }
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// Everything until the connection ends, and how it ended.
    public func receiveAll() -> (text: String, end: End) {
        let (bytes, end) = receiveAllBytes()
        return (String(decoding: bytes, as: UTF8.self), end)
    }

    /// The same, where what comes need not be text.
    public func receiveAllBytes() -> (bytes: [UInt8], end: End) {
        while true {
            if let end = receiveOnce() {
                defer { held = [] }
                return (held, end)
            }
        }
    }

    /// One answer: its head, and its body with the length or the chunks taken off.
    public func receiveAnswer(toHead: Bool = false) -> Answer {
        let head = receive(through: "\r\n\r\n")
        var answer = Answer(head: head)
        if toHead { return answer }
        if let length = answer.field("Content-Length").flatMap(Int.init) {
            answer.pieces = [String(decoding: receive(count: length), as: UTF8.self)]
        } else if answer.field("Transfer-Encoding") == "chunked" {
            while let size = Int(receive(through: "\r\n").dropLast(1), radix: 16) {
                let piece = receive(count: size + 2)
                guard size > 0 else {
                    answer.isWhole = true
                    return answer
                }
                answer.pieces.append(String(decoding: piece.dropLast(2), as: UTF8.self))
            }
            answer.isWhole = false
        } else {
            answer.pieces = [receiveAll().text]
        }
        return answer
    }

    public struct Answer: Equatable, Sendable {
        public var head: String
        public var pieces: [String] = []
        /// Whether a chunked body had its last chunk.
        public var isWhole = true

        public init(head: String) { self.head = head }

        public var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
        public var body: String { pieces.joined() }

        public func field(_ name: String) -> String? {
            for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ": ") {
                return String(line.dropFirst(name.count + 2))
            }
            return nil
        }
    }
}
