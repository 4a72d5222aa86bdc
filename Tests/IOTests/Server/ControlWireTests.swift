import JSON
import Support
import Testing

@testable import Server

extension RawClient {
    /// Makes one control call and reads its answer.
    func control(_ method: String, _ path: String, _ body: String = "", _ fields: String = "") -> (Int, Value) {
        send(
            "\(method) /_understudy/\(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = receiveAnswer()
        return (answer.status, (try? Value.parse(answer.body)) ?? .null)
    }

    /// Makes one call that is no control call.
    @discardableResult func call(_ path: String = "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012")
        -> Answer
    {
        sendCall(path)
        return receiveAnswer()
    }

    func sendCall(_ path: String = "/runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012") {
        send("POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16\r\n\r\n{\"prompt\":\"yes\"}")
    }
}

@Suite("Control calls, over the wire") struct ControlWireTests {
    @Test("a refusal and an answer to HEAD are whole answers")
    func methods() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.send("POST /_understudy/scenario HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let answer = client.receiveAnswer()
        #expect(answer.status == 405)
        #expect(answer.field("Server") == "understudy/\(ServingSettings().version)")
        #expect(answer.field("X-Understudy-Call") == nil)
        #expect(answer.field("Allow") == "GET, HEAD, PUT, PATCH, DELETE")
        client.send("HEAD /_understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.receiveAnswer(toHead: true).status == 200)
        _ = await server.stop()
    }

    @Test("a URI without a path asks for the root, as one that ends in its slash does")
    func noPath() async throws {
        let server = try TestServer { .json($0.pathText) }
        let client = try server.client()
        for target in ["/", "http://localhost:\(server.port)/", "http://localhost:\(server.port)"] {
            client.send("POST \(target) HTTP/1.1\r\nHost: localhost:\(server.port)\r\nContent-Length: 0\r\n\r\n")
            #expect(client.receiveAnswer().body == "/")
        }
        _ = await server.stop()
    }

    @Test("a path that only begins like the control API is a call")
    func otherPaths() async throws {
        let server = try TestServer { .json($0.pathText) }
        let client = try server.client()
        client.send("GET /_understudyx HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = client.receiveAnswer()
        #expect(answer.body == "/_understudyx")
        #expect(answer.field("Server") == "understudy/\(ServingSettings().version)")
        #expect(await server.stop().count == 1)
    }
}
