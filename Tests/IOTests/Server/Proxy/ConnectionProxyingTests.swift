import Support
import TLS
import Testing

@testable import Server

@Suite("The server as a proxy") struct ConnectionProxyingTests {
    private static let host = "bedrock-agentcore.us-east-1.amazonaws.com"
    private static let path =
        "/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fa-0123456789/invocations"

    private static func call(_ target: String) -> String {
        "POST \(target) HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 14\r\n\r\n{\"prompt\":\"a\"}"
    }

    private static func connect(_ place: String, _ fields: String = "") -> String {
        "CONNECT \(place) HTTP/1.1\r\nHost: \(place)\r\n\(fields)\r\n"
    }

    @Test("a tunnel to a host of the service ends here, and its user names the space")
    func tunnel() async throws {
        let secured = try SecuredServer()
        let raw = try secured.server.client()
        // worker-1:secret-password
        raw.send(Self.connect("\(Self.host):443", "Proxy-Authorization: Basic d29ya2VyLTE6c2VjcmV0LXBhc3N3b3Jk\r\n"))
        #expect(raw.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        let client = try SecureClient(raw, secured.trust, to: Self.host)
        for _ in 0..<2 {
            client.send(Self.call(Self.path))
            #expect(client.receiveAnswer().status == 200)
        }
        client.send("GET /_understudy/calls HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let journal = client.receiveAnswer().body
        #expect(!journal.contains("secret-password"))
        let calls = await secured.server.stop()
        #expect(calls.map { $0.text(.space) } == ["worker-1", "worker-1"])
    }

    @Test("plain HTTP is spoken in a tunnel, too")
    func plainTunnel() async throws {
        let secured = try SecuredServer()
        let client = try secured.server.client()
        client.send(Self.connect("\(Self.host):80"))
        #expect(client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        client.send(Self.call(Self.path))
        #expect(client.receiveAnswer().status == 200)
        _ = await secured.server.stop()
    }

    @Test(
        "a tunnel to anything else is refused with a sentence, and stands in the journal",
        arguments: [
            ("example.com:443", "NO_PROXY"), ("127.0.0.1:22", "NO_PROXY"), ("10.0.0.1:443", "NO_PROXY"),
            ("169.254.169.254:80", "NO_PROXY"),
            ("bedrock-agentcore.us-east-1.amazonaws.com.example.com:443", "none of"),
        ])
    func refused(place: String, words: String) async throws {
        let secured = try SecuredServer()
        let client = try secured.server.client()
        client.send(Self.connect(place, "Proxy-Authorization: Basic d29ya2VyLTE6c2VjcmV0LXBhc3N3b3Jk\r\n"))
        let answer = client.receiveAnswer()
        #expect(answer.status == 403 && answer.body.contains(words))
        let calls = await secured.server.stop()
        #expect(calls.count == 1 && calls.first?.number(.status) == 403)
        #expect(calls.first.map { String(decoding: $0.bytes, as: UTF8.self).contains("d29ya2Vy") } == false)
    }

    @Test("never to the server itself, and bytes that come before the answer are refused")
    func notItself() async throws {
        let secured = try SecuredServer { $0.passesOthers = true }
        for place in ["127.0.0.1:\(secured.server.port)", "localhost:\(secured.port)", "[::1]:\(secured.port)"] {
            let client = try secured.server.client()
            client.send(Self.connect(place))
            let answer = client.receiveAnswer()
            #expect(answer.status == 403 && answer.body.contains("this server itself"))
        }
        let client = try secured.server.client()
        client.send(Self.connect("\(Self.host):443") + "early")
        #expect(client.receiveAnswer().status == 400)
        _ = await secured.server.stop()
    }

    @Test("a request with an absolute target is answered for hosts of the service and for this machine, else refused")
    func absolute() async throws {
        let secured = try SecuredServer()
        let own = "localhost:\(secured.server.port)"
        for (host, status) in [(Self.host, 200), (own, 200), ("example.com", 403)] {
            let client = try secured.server.client()
            client.send(
                Self.call("http://\(host)\(Self.path)").replacing("Host: \(Self.host)", with: "Host: \(host)"))
            #expect(client.receiveAnswer().status == status)
        }
        _ = await secured.server.stop()
    }

    @Test("others are passed on when that was asked for, without what is meant for the proxy")
    func passedOn() async throws {
        let other = try RawServer(saying: Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother".utf8))
        let secured = try SecuredServer { $0.passesOthers = true }
        let place = "127.0.0.1:\(other.port)"
        let tunnel = try secured.server.client()
        tunnel.send(Self.connect(place))
        #expect(tunnel.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        tunnel.send("GET / HTTP/1.1\r\nHost: \(place)\r\n\r\n")
        #expect(tunnel.receiveAnswer().body == "other")
        #expect(tunnel.receiveAll().end == .fin)
        let absolute = try secured.server.client()
        absolute.send("GET http://\(place)/a HTTP/1.1\r\nHost: \(place)\r\n\r\n")
        #expect(absolute.receiveAnswer().body == "other")
        await other.stop()
        let late = try secured.server.client()
        late.send(Self.connect(place))
        #expect(late.receiveAnswer().status == 502)
        let calls = await secured.server.stop()
        #expect(calls.count == 1)
    }
}
