import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Delivery runner") struct DeliveryRunnerTests {
    static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("a reset is RST, after what came before it")
    func reset() async throws {
        let server = try TestServer { _ in .streamed(.body(Array("half".utf8)), .reset) }
        let client = try server.client()
        client.send(Self.get)
        let (text, end) = client.receiveAll()
        #expect(text.hasSuffix("4\r\nhalf\r\n"))
        #expect(end == .reset)
        #expect(await server.ended(1).outcome == .reset)
        _ = await server.stop()
    }

    @Test("a reset before anything is RST alone")
    func bareReset() async throws {
        let server = try TestServer { _ in [.reset] }
        let client = try server.client()
        client.send(Self.get)
        #expect(client.receiveAll() == ("", .reset))
        let report = await server.ended(1)
        #expect(report.firstByte == nil && report.bytes == 0)
        _ = await server.stop()
    }

    @Test("a close is FIN, with the promised bytes missing, also when the client is still sending")
    func close() async throws {
        let server = try TestServer { _ in
            [.head(ResponseHead(status: 200, fields: FieldBlock(), length: .known(10))), .body([0x61]), .close]
        }
        let client = try server.client()
        client.send(Self.get + Self.get + String(repeating: "x", count: 100_000))
        let (text, end) = client.receiveAll()
        #expect(text.hasSuffix("Content-Length: 10\r\n\r\na"))
        #expect(end == .fin)
        #expect(await server.ended(1).outcome == .closed)
        _ = await server.stop()
    }

    @Test("a call that hangs sends nothing until the client goes away")
    func hang() async throws {
        let server = try TestServer { $0.pathText == "/hang" ? [.hang] : .json("ok") }
        let hanging = try server.client()
        hanging.send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
        let other = try server.client()
        other.send(Self.get)
        #expect(other.receiveAnswer().body == "ok")
        hanging.close()
        #expect(await server.ended(1).outcome == .hung)
        _ = await server.stop()
    }

    @Test("a body that is not as long as promised ends the connection", arguments: [3, 8])
    func wrongLength(promised: Int) async throws {
        let server = try TestServer { _ in
            [
                .head(ResponseHead(status: 200, fields: FieldBlock(), length: .known(promised))),
                .body(Array("12345".utf8)), .end,
            ]
        }
        let client = try server.client()
        client.send(Self.get)
        let (text, end) = client.receiveAll()
        #expect(text.hasSuffix("\r\n\r\n12345"))
        #expect(end == .fin)
        _ = await server.stop()
    }
}
