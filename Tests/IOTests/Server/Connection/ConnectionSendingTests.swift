import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Connection, sending") struct ConnectionSendingTests {
    static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("a large body arrives whole, however slowly it is read", arguments: [true, false])
    func largeBody(isChunked: Bool) async throws {
        let body = [UInt8]((0..<20_000_000).map { UInt8(truncatingIfNeeded: 0x20 + $0 % 90) })
        let server = try TestServer { _ in
            let length: ResponseHead.Length = isChunked ? .unknown : .known(body.count)
            return [.head(ResponseHead(status: 200, fields: FieldBlock(), length: length)), .body(body), .end]
        }
        let client = try server.client(receiveBuffer: 4_096)
        client.send(Self.get)
        #expect(client.receiveAnswer().body == String(decoding: body, as: UTF8.self))
        let report = await server.ended(1)
        #expect(report.bytes > body.count && report.outcome == .completed)
        _ = await server.stop()
    }

    @Test("a client that takes nothing for too long is given up")
    func writeStall() async throws {
        var settings = ServingSettings()
        settings.timeouts.write = 50_000_000
        let body = [UInt8](repeating: 0x62, count: 30_000_000)
        let server = try TestServer(settings: settings) { _ in
            [.head(ResponseHead(status: 200, fields: FieldBlock(), length: .known(body.count))), .body(body), .end]
        }
        let client = try server.client(receiveBuffer: 4_096)
        client.send(Self.get)
        let report = await server.ended(1)
        #expect(report.outcome == .clientClosed)
        #expect(report.bytes < body.count)
        _ = await server.stop()
    }
}
