import EventLoop
import Support
import Testing

@testable import Server

@Suite("Finding hosts") struct NameResolverTests {
    /// No name server listens there.
    private static let nowhere = Array("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n".utf8)

    private func resolve(_ host: String, hosts: String = "", port: UInt16 = 1) throws -> Result<
        [String], NameResolver.NoAddress
    > {
        let loop = try Loop()
        let files = NameResolver.Files(hosts: { Array(hosts.utf8) }, configuration: { Self.nowhere }, port: port)
        let resolver = NameResolver(loop: loop, files: files)
        var result: Result<[String], NameResolver.NoAddress>?
        resolver.resolve(host) { result = $0 }
        // One refused datagram, or its time-out: few turns.
        for _ in 0..<100 where result == nil { loop.turn() }
        return try #require(result)
    }

    @Test("localhost is this machine without any file", arguments: ["localhost", "LOCALHOST", "worker-1.localhost"])
    func localhost(host: String) throws {
        #expect(try resolve(host).get() == ["127.0.0.1", "::1"])
        // Whatever the file says.
        #expect(try resolve(host, hosts: "10.0.0.1 localhost\n").get() == ["127.0.0.1", "::1"])
    }

    @Test("an address is itself, and /etc/hosts counts before any name server")
    func files() throws {
        #expect(try resolve("10.1.2.3").get() == ["10.1.2.3"])
        #expect(try resolve("fd00::1").get() == ["fd00::1"])
        #expect(try resolve("Agent.Local", hosts: "10.0.0.7 agent.local # ours\n").get() == ["10.0.0.7"])
    }

    @Test("a name that nobody can be asked for is a failure that says so")
    func nobody() throws {
        #expect(throws: NameResolver.NoAddress(reason: "agent.example: no name server answers")) {
            try resolve("agent.example").get()
        }
        #expect(throws: NameResolver.NoAddress(reason: "a..b: it is no name of a host")) {
            try resolve("a..b").get()
        }
    }

    @Test("a command that may wait finds hosts in the same way")
    func waiting() throws {
        #expect(try NameResolver.wait(for: "localhost") == ["127.0.0.1", "::1"])
        #expect(throws: NameResolver.NoAddress.self) { try NameResolver.wait(for: "a..b") }
    }
}
