import DNSWire
import EventLoop
import Glibc
import Testing
import Threading

@testable import Server

@Suite("Asking a name server") struct AskedNameServerTests {
    /// Begins once the loop runs.
    private final class Turn: Watcher {
        private let work: () -> Void

        init(work: @escaping () -> Void) { self.work = work }

        func takeTurn() { work() }
    }

    /// A name server on this machine that knows one name, and answers so many questions.
    private final class NameServer: @unchecked Sendable {
        let port: UInt16
        private let socket: Int32
        private var thread: BackgroundThread?

        init(questions: Int) throws {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            self.socket = socket
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
                }
            }
            try #require(isBound)
            port = UInt16(bigEndian: address.sin_port)
            // Nobody waits for a question that does not come.
            var patience = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            thread = BackgroundThread.start { [self] in for _ in 0..<questions { answer() } }.thread
        }

        deinit { close(socket) }

        func wait() { thread?.join() }

        private func answer() {
            var (buffer, address) = ([UInt8](repeating: 0, count: 512), sockaddr_storage())
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { from in
                    let count = recvfrom(socket, &buffer, buffer.count, 0, from, &length)
                    guard count > 12 else { return }
                    let message = Self.answer(to: Array(buffer[..<count]))
                    _ = sendto(socket, message, message.count, 0, from, length)
                }
            }
        }

        /// RFC 1035 4.1: the question again, and 192.0.2.7 for who asks for four bytes.
        private static func answer(to question: [UInt8]) -> [UInt8] {
            let isKnown = question.contains(sequence: Array("agents".utf8))
            let wantsFour = question[question.count - 3] == 1
            let count: UInt8 = isKnown && wantsFour ? 1 : 0
            let head = Array(question[0..<2]) + [0x81, isKnown ? 0x80 : 0x83, 0, 1, 0, count, 0, 0, 0, 0]
            let record: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]
            return head + question[12...] + (count == 1 ? record : [])
        }
    }

    private func outcome(
        of host: String, _ port: UInt16, times: Int = 1
    ) throws -> [Result<[String], NameResolver.NoAddress>] {
        let loop = try Loop()
        let files = NameResolver.Files(
            hosts: { Array("192.0.2.1 listed.example\n".utf8) },
            configuration: { Array("nameserver 127.0.0.1\n".utf8) },
            port: port)
        let resolver = NameResolver(loop: loop, files: files)
        var found: [Result<[String], NameResolver.NoAddress>] = []
        func ask() {
            resolver.resolve(host) { result in
                found.append(result)
                if found.count == times { loop.stop() } else { ask() }
            }
        }
        let first = Turn(work: ask)
        loop.takeTurnLater(try loop.add(first))
        loop.run()
        return found
    }

    @Test("a name server is asked by datagram, and what it says is kept as long as it holds")
    func asked() throws {
        let server = try NameServer(questions: 2)
        let found = try outcome(of: "agents.example", server.port, times: 3)
        #expect(found == [.success(["192.0.2.7"]), .success(["192.0.2.7"]), .success(["192.0.2.7"])])
        server.wait()
    }

    @Test(
        "what there is not is said so; what stands in the hosts file, and this machine, is asked of nobody"
    )
    func others() throws {
        let server = try NameServer(questions: 2)
        guard case .failure(let nothing) = try outcome(of: "nobody.example", server.port)[0] else {
            Issue.record("an address was found")
            return
        }
        #expect(nothing.reason == "nobody.example: there is no such name")
        server.wait()
        #expect(try outcome(of: "listed.example", server.port) == [.success(["192.0.2.1"])])
        #expect(try outcome(of: "a.localhost", server.port) == [.success(["127.0.0.1", "::1"])])
        #expect(try outcome(of: "192.0.2.9", server.port) == [.success(["192.0.2.9"])])
    }
}

extension [UInt8] {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: sequence) }
    }
}
