import Bytes
import HTTPWire
import Testing

@Suite("RequestWriter") struct RequestWriterTests {
    @Test("a GET closes its connection unless told")
    func get() {
        var fields = FieldBlock()
        fields.add("Accept", "application/json")
        var bytes: [UInt8] = []
        #expect(RequestWriter.append(target: "/keys?a=b".utf8, host: "127.0.0.1:80", fields: fields, to: &bytes))
        #expect(
            String(lossy: bytes)
                == "GET /keys?a=b HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        )
    }

    @Test("what is written is read back by the server's parser")
    func roundTrip() throws {
        var fields = FieldBlock()
        fields.add("Content-Length", "99")
        var bytes: [UInt8] = []
        let isWritten = RequestWriter.append(
            method: "POST", target: "/".utf8, host: "a", fields: fields, body: Array("hello".utf8), keepsAlive: true,
            to: &bytes)
        #expect(isWritten)
        let request = try #require(RequestEvents(bytes).requests.first)
        #expect(request.body == Array("hello".utf8) && request.keepsAlive)
    }

    @Test(
        "a target or a host that would break its lines is not written",
        arguments: [("", "a"), ("a", "a"), ("/ b", "a"), ("/\r\n", "a"), ("/é", "a"), ("/", ""), ("/", "a\r\nX: y")])
    func refused(target: String, host: String) {
        var bytes: [UInt8] = []
        #expect(!RequestWriter.append(target: target.utf8, host: host, to: &bytes))
        #expect(bytes.isEmpty)
    }
}
