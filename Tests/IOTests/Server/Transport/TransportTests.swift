import CShims
import EventLoop
import Glibc
import Testing

@testable import Server

@Suite("Transport") struct TransportTests {
    @Test("three pieces leave in order, however little the socket takes at a time")
    func order() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        defer { ends.forEach { _ = Glibc.close($0) } }
        let whole = [
            [UInt8](repeating: 1, count: 100), [UInt8](repeating: 2, count: 3_000_000), [UInt8](repeating: 3, count: 7),
        ]
        var transport = Transport(ends[0])
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 50_000)
        var result = transport.send(Pieces(whole[0], whole[1], whole[2]))
        var sent = 0
        while case .some(let count) = result {
            sent += count
            #expect(transport.isBlocked && sent + transport.unsent == 3_000_107)
            let taken = recv(ends[1], &buffer, buffer.count, 0)
            if taken > 0 { received += buffer[..<taken] }
            result = transport.drain()
        }
        #expect(result == .all(3_000_107 - sent) && !transport.isBlocked && transport.unsent == 0)
        while case let taken = recv(ends[1], &buffer, buffer.count, 0), taken > 0 { received += buffer[..<taken] }
        #expect(received == whole[0] + whole[1] + whole[2])
    }

    @Test("a broken socket is an error, and nothing to send is none")
    func broken() {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        Glibc.close(ends[1])
        var transport = Transport(ends[0])
        #expect(transport.send(Pieces([1, 2, 3])) == .broken && transport.send([1]) == .broken)
        #expect(transport.send(Pieces([])) == .all(0) && transport.drain() == .all(0))
        transport.close()
    }

    @Test("what there is to receive is remembered until it was received, an end for good")
    func readiness() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4)
        defer { buffer.deallocate() }
        var transport = Transport(ends[0])
        #expect(!transport.mayReceive && transport.receive(into: buffer) == .nothing)
        #expect(send(ends[1], [1, 2, 3, 4, 5, 6], 6, 0) == 6)
        #expect(!transport.note(.readable) && transport.mayReceive)
        #expect(transport.receive(into: buffer) == .bytes(4) && transport.mayReceive)
        #expect(transport.receive(into: buffer) == .bytes(2) && !transport.mayReceive)
        #expect(send(ends[1], [7], 1, 0) == 1)
        Glibc.close(ends[1])
        let maySend = transport.note([.readable, .peerEnded])
        #expect(!maySend)
        #expect(transport.receive(into: buffer) == .bytes(1) && transport.mayReceive)
        #expect(transport.receive(into: buffer) == .end)
        transport.close()
        #expect(transport.receive(into: buffer) == .broken(.system(SystemError(call: "recv", number: EBADF))))
    }
}
