import DNSWire
import Testing

@Suite("Resolver files") struct ResolverFilesTests {
    @Test("a host has the addresses of every line that names it")
    func hosts() {
        let file = HostsFile(
            Array("127.0.0.1 localhost\n# 10.0.0.1 no\n10.0.0.2\tAgent agent.local # mine\n::1 agent\n".utf8))
        #expect(file.addresses(of: "AGENT") == ["10.0.0.2", "::1"])
        #expect(file.addresses(of: "agent.local") == ["10.0.0.2"] && file.addresses(of: "no").isEmpty)
    }

    @Test("servers, search list and options are read, and the machine itself is asked without any")
    func configuration() {
        let text =
            "nameserver 10.0.0.53\nnameserver ::53\nsearch a.example b.example\noptions ndots:2 timeout:1 attempts:9\n"
        let found = ResolverConfiguration(Array(text.utf8))
        #expect(found.servers == ["10.0.0.53", "::53"] && found.dots == 2)
        #expect(found.timeoutSeconds == 1 && found.attempts == 5)
        #expect(found.candidates(for: "x.y").map(\.text) == ["x.y.a.example", "x.y.b.example", "x.y"])
        #expect(found.candidates(for: "x.y.z").first?.text == "x.y.z")
        #expect(found.candidates(for: "x.").map(\.text) == ["x"])
        #expect(ResolverConfiguration([]).servers == ["127.0.0.1"])
    }
}
