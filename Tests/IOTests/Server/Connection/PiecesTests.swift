import CShims
import Glibc
import Testing

@testable import Server

@Suite("Pieces") struct PiecesTests {
    @Test("three pieces leave in order, however little the socket takes at a time")
    func order() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        defer { ends.forEach { _ = Glibc.close($0) } }
        let whole = [
            [UInt8](repeating: 1, count: 100), [UInt8](repeating: 2, count: 3_000_000), [UInt8](repeating: 3, count: 7),
        ]
        var pieces = Pieces(whole[0], whole[1], whole[2])
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 50_000)
        var sent: Int64 = 0
        while !pieces.isDone {
            let count = pieces.send(to: ends[0])
            try #require(count >= 0)
            sent += count
            #expect(Int(sent) + pieces.remaining == 3_000_107)
            let taken = recv(ends[1], &buffer, buffer.count, 0)
            if taken > 0 { received += buffer[..<taken] }
        }
        while case let taken = recv(ends[1], &buffer, buffer.count, 0), taken > 0 { received += buffer[..<taken] }
        #expect(received == whole[0] + whole[1] + whole[2])
    }

    @Test("a broken socket is an error, and nothing to send is none")
    func broken() {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        Glibc.close(ends[1])
        var pieces = Pieces([1, 2, 3])
        #expect(pieces.send(to: ends[0]) == -Int64(EPIPE))
        var nothing = Pieces([])
        #expect(nothing.isDone && nothing.send(to: ends[0]) == 0)
        Glibc.close(ends[0])
    }
}
