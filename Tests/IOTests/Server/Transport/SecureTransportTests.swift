import EventLoop
import Glibc
import Support
import TLS
import Testing

@testable import Server

/// Both ends of a connection that is secured, in this thread: what one sends the other is given to receive.
private struct SecurePair {
    var client: Transport
    var server: Transport
    var received: (client: [UInt8], server: [UInt8]) = ([], [])
    var ended: (client: Transport.Received?, server: Transport.Received?)
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 20_000)

    init(_ trust: ClientSecurity, to host: String, _ security: ServerSecurity, at address: String = "127.0.0.1") throws
    {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        client = Transport(ends[0])
        server = Transport(ends[1])
        let areSecured = (client.secure(by: trust, to: host), server.secure(by: security, at: address))
        #expect(areSecured == (true, true))
    }

    /// Goes on until nothing moves any more.
    mutating func settle() {
        for _ in 0..<100_000 {
            let before = (received.client.count, received.server.count, client.unsent, server.unsent)
            let wasShaking = client.session?.isShakingHands
            Self.pump(&client, buffer, &received.client, &ended.client)
            Self.pump(&server, buffer, &received.server, &ended.server)
            let after = (received.client.count, received.server.count, client.unsent, server.unsent)
            if before == after, wasShaking == client.session?.isShakingHands, wasShaking != true || ended.client != nil
            {
                return
            }
        }
        Issue.record("it never settles")
    }

    private static func pump(
        _ end: inout Transport, _ buffer: UnsafeMutableBufferPointer<UInt8>, _ received: inout [UInt8],
        _ ended: inout Transport.Received?
    ) {
        guard ended == nil else { return }
        if end.note([.readable, .writable]) { _ = end.drain() }
        while end.mayReceive {
            switch end.receive(into: buffer) {
            case .bytes(let count): received += buffer[..<count]
            case .nothing: return
            case let other:
                ended = other
                return
            }
        }
    }

    mutating func close() {
        client.close()
        server.close()
        buffer.deallocate()
    }
}

@Suite("A secured transport") struct SecureTransportTests {
    let folder: TemporaryFolder
    let authority: LocalAuthority
    let security: ServerSecurity
    let trust: ClientSecurity

    init() throws {
        folder = try TemporaryFolder()
        authority = try LocalAuthority(folder: folder.path, now: Int(time(nil)))
        let identities = try #require(LocalIdentities(authority))
        security = try #require(ServerSecurity(identities))
        trust = try ClientSecurity(authorities: authority.path)
    }

    @Test(
        "what either side sends arrives whole, whoever speaks first and however little the socket takes",
        arguments: ["bedrock-agentcore.us-east-1.amazonaws.com", "localhost", "worker_1.localhost", "127.0.0.1", "::1"])
    func bothWays(host: String) throws {
        var pair = try SecurePair(trust, to: host, security)
        defer { pair.close() }
        let question = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        _ = pair.client.send(
            Pieces(Array(question[..<10]), Array(question[10..<2_999_000]), Array(question[2_999_000...])))
        #expect(pair.client.isBlocked)
        pair.settle()
        #expect(pair.received.server == question && !pair.client.isBlocked)
        _ = pair.server.send(Pieces([1, 2], [3], [4, 5]))
        _ = pair.server.send([6])
        pair.settle()
        #expect(pair.received.client == [1, 2, 3, 4, 5, 6])
        #expect(pair.client.session?.version == "TLSv1.3")
    }

    @Test("what came with the end of the handshake is there to receive, though no event tells of it")
    func behindHandshake() throws {
        var pair = try SecurePair(trust, to: "localhost", security)
        defer { pair.close() }
        _ = pair.client.shakeHands()
        #expect(pair.server.shakeHands() == .nothing && !pair.server.mayReceive)
        #expect(pair.client.shakeHands() == nil)
        #expect(pair.client.send([1, 2, 3]) == .all(3))
        #expect(pair.server.shakeHands() == nil && pair.server.mayReceive)
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 8)
        defer { buffer.deallocate() }
        #expect(pair.server.receive(into: buffer) == .bytes(3) && Array(buffer[..<3]) == [1, 2, 3])
    }

    @Test("a side that has finished is told of as an end, and still hears the other")
    func halfClose() throws {
        var pair = try SecurePair(trust, to: "localhost", security)
        defer { pair.close() }
        _ = pair.client.send([1])
        pair.settle()
        pair.client.finish()
        pair.settle()
        #expect(pair.received.server == [1] && pair.ended.server == .end)
        _ = pair.server.send([2])
        pair.settle()
        #expect(pair.received.client == [2] && pair.ended.client == nil)
    }

    @Test("a client that does not trust the authority says so, and the server hears it")
    func unknownAuthority() throws {
        var pair = try SecurePair(try ClientSecurity(), to: "localhost", security)
        defer { pair.close() }
        pair.settle()
        #expect(pair.ended.client == .broken(.security(.unknownAuthority(host: "localhost"))))
        #expect(pair.client.failure?.reason == "the certificate of localhost was signed by nobody who is trusted here")
        #expect(pair.ended.server == .broken(.security(.refused(alert: "unknown CA"))))
        #expect(pair.client.send([1]) == .broken)
    }

    @Test(
        "a name for which there is no certificate is refused as one that is not recognized",
        arguments: ["a.-b", "-a", "a b"])
    func unrecognizedName(host: String) throws {
        var pair = try SecurePair(trust, to: host, security)
        defer { pair.close() }
        pair.settle()
        #expect(pair.ended.client == .broken(.security(.refused(alert: "unrecognized name"))))
        #expect(
            pair.ended.server == .broken(.security(.failed("that is no name for which a certificate can be made"))))
    }

    @Test("a certificate that has expired, or is not valid yet, is refused as that")
    func times() throws {
        for (shift, failure) in [
            (-300, SecureFailure.expired(host: "localhost")), (10, .notYetValid(host: "localhost")),
        ] {
            let now = Int(time(nil)) + shift * 86_400
            let identities = try #require(LocalIdentities(authority) { now })
            var pair = try SecurePair(trust, to: "localhost", try #require(ServerSecurity(identities)))
            defer { pair.close() }
            pair.settle()
            #expect(pair.ended.client == .broken(.security(failure)))
        }
    }

    @Test("a certificate for another name, or another address, is refused as that")
    func wrongName() throws {
        let others = OtherName(try #require(LocalIdentities(authority)))
        for host in ["localhost", "127.0.0.2"] {
            var pair = try SecurePair(trust, to: host, try #require(ServerSecurity(others)))
            defer { pair.close() }
            pair.settle()
            #expect(pair.ended.client == .broken(.security(.wrongName(host: host))))
        }
    }

    private final class OtherName: ServerIdentities {
        private let identities: LocalIdentities

        init(_ identities: LocalIdentities) { self.identities = identities }

        func identity(for serverName: String?, at address: String) -> CertifiedKey? {
            identities.identity(for: "other.example", at: address)
        }
    }

    @Test(
        "what is no TLS, and an end inside a handshake, are told apart",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\n\r\n", SecureFailure.notTLS), ("\u{16}\u{3}\u{3}", .cutOff), ("", .cutOff),
        ])
    func noTLS(said: String, failure: SecureFailure) throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        var transport = Transport(ends[0])
        defer { transport.close() }
        let isSecured = transport.secure(by: trust, to: "localhost")
        #expect(isSecured && transport.send([1]) == .some(0))
        #expect(send(ends[1], said, said.utf8.count, 0) == said.utf8.count)
        shutdown(ends[1], Int32(SHUT_WR))
        defer { Glibc.close(ends[1]) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 100)
        defer { buffer.deallocate() }
        let maySend = transport.note([.readable, .peerEnded])
        #expect(maySend)
        #expect(transport.receive(into: buffer) == .broken(.security(failure)))
    }

    @Test("a side that vanishes without a word is at its end, and sending to it breaks without a signal")
    func vanished() throws {
        var pair = try SecurePair(trust, to: "localhost", security)
        pair.settle()
        pair.client.reset()
        // Its descriptor may be another test's by now.
        pair.ended.client = .end
        pair.settle()
        #expect(pair.ended.server != nil)
        #expect(pair.server.send([UInt8](repeating: 1, count: 100_000)) == .broken)
        pair.server.close()
    }
}
