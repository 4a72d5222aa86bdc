import HTTPWire
import Support
import Testing

@testable import Pointing

@Suite("What a proxy does with a request") struct ProxyPolicyTests {
    private func decide(
        _ authority: String, _ scheme: Scheme = .http, isTunnel: Bool = true, isSecured: Bool = false,
        passes: Bool = false
    ) -> String {
        let policy = ProxyPolicy(passesOthers: passes, ownPorts: [8787, 8788])
        return switch policy.decide(authority: authority, scheme: scheme, isTunnel: isTunnel, isSecured: isSecured) {
        case .answer: "answer"
        case .pass(let place): "pass \(place.host) \(place.port)"
        case .refuse(let status, _): "refuse \(status)"
        }
    }

    @Test("hosts of the service are answered, whatever is passed on")
    func answered() {
        for passes in [false, true] {
            #expect(decide("sts.amazonaws.com:443", passes: passes) == "answer")
            #expect(decide("bedrock-agentcore.us-east-1.amazonaws.com", isTunnel: false, passes: passes) == "answer")
        }
    }

    @Test("others are refused, or passed on when that was asked for; the server itself never")
    func others() {
        #expect(decide("example.com:443") == "refuse 403")
        #expect(decide("example.com:443", passes: true) == "pass example.com 443")
        #expect(decide("[::1]:443", passes: true) == "pass ::1 443")
        for place in ["localhost:8787", "127.0.0.1:8788", "[::1]:8787", "a.localhost:8787", "0.0.0.0:8787"] {
            #expect(decide(place, passes: true) == "refuse 403")
            #expect(decide(place, isTunnel: false) == "answer")
        }
        #expect(decide("understudy:8787", isTunnel: false) == "answer")
        #expect(decide("other:80", isTunnel: false) == "refuse 403")
        #expect(decide("localhost:1", isTunnel: false) == "answer")
        #expect(decide("localhost:1", isTunnel: false, passes: true) == "pass localhost 1")
        #expect(decide("a@b:80") == "refuse 403" && decide(":80") == "refuse 400")
    }

    @Test("an https target is refused in clear, whoever it names, and has its own usual port")
    func securedTargets() {
        for host in ["example.com", "sts.amazonaws.com", "localhost:8787"] {
            #expect(decide(host, .https, isTunnel: false, passes: true) == "refuse 400")
        }
        #expect(decide("example.com", .https, isTunnel: false, isSecured: true, passes: true) == "pass example.com 443")
        #expect(decide("example.com", isTunnel: false, passes: true) == "pass example.com 80")
        #expect(decide("sts.amazonaws.com", .https, isTunnel: false, isSecured: true) == "answer")
    }

    @Test("only a client on the same machine is taken to what is not public")
    func addresses() {
        let policy = ProxyPolicy(passesOthers: true, ownPorts: [8787])
        for address in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"] {
            #expect(policy.mayPass(to: address, port: 80, for: "127.0.0.1", at: "127.0.0.1") == nil)
            #expect(policy.mayPass(to: address, port: 80, for: "192.0.2.9", at: "192.0.2.1") != nil)
        }
        #expect(policy.mayPass(to: "93.184.215.14", port: 443, for: "192.0.2.9", at: "192.0.2.1") == nil)
        #expect(policy.mayPass(to: "192.0.2.1", port: 8787, for: "127.0.0.1", at: "192.0.2.1") != nil)
    }

    @Test(
        "the proxy's user is the name in Basic credentials",
        arguments: [
            ("Basic d29ya2VyLTE6", "worker-1"), ("basic  d29ya2VyLTE6c2VjcmV0", "worker-1"),
            ("Basic d29ya2VyLTE=", "worker-1"),
            ("Basic OnNlY3JldA==", nil), ("Basic !", nil), ("Bearer d29ya2VyLTE6", nil), ("Basic", nil),
        ] as [(String, String?)])
    func user(value: String, name: String?) throws {
        let head = Array("GET / HTTP/1.1\r\nHost: a\r\nProxy-Authorization: \(value)\r\n\r\n".utf8)
        var (parser, held): (RequestParser, [UInt8]) = (RequestParser(), [])
        let event = parser.read(head.span, from: 0, held: &held, RequestParser.Rules(limits: Limits())).event
        guard case .request(let request) = event else {
            Issue.record("no request")
            return
        }
        #expect(ProxyUser.name(in: request).map { String(decoding: $0, as: UTF8.self) } == name)
    }
}
