import Bytes
import Crypto
import Support
import Testing

@testable import Server

@Suite("Body hash") struct BodyHashTests {
    @Test("a large signed body has its hash when it is complete, however it came")
    func digest() async throws {
        let digests = Gathered<[UInt8]?>()
        let server = try TestServer {
            digests.add($0.bodyDigest)
            return .json("ok")
        }
        let client = try server.client()
        let body = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let signed = "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 x\r\n"
        client.send(signed + "Content-Length: \(body.count)\r\n\r\n")
        client.send(body)
        #expect(client.receiveAnswer().status == 200)
        client.send(signed + "Transfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: body.count, by: 40_000) {
            client.send("9c40\r\n")
            client.send(Array(body[start..<start + 40_000]))
            client.send("\r\n")
        }
        client.send("0\r\n\r\n")
        #expect(client.receiveAnswer().status == 200)
        #expect(digests.all == [SHA256.hash(body), SHA256.hash(body)])
        _ = await server.stop()
    }

    @Test("a small body, or one without a signature, is not hashed")
    func none() async throws {
        let digests = Gathered<[UInt8]?>()
        let server = try TestServer {
            digests.add($0.bodyDigest)
            return .json("ok")
        }
        let client = try server.client()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 x\r\nContent-Length: 3\r\n\r\nabc")
        #expect(client.receiveAnswer().status == 200)
        for authorization in ["", "Authorization: Bearer x\r\n"] {
            client.send("POST / HTTP/1.1\r\nHost: x\r\n\(authorization)Content-Length: 300000\r\n\r\n")
            client.send([UInt8](repeating: 1, count: 300_000))
            #expect(client.receiveAnswer().status == 200)
        }
        #expect(digests.all == [nil, nil, nil])
        _ = await server.stop()
    }
}
