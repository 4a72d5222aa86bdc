import Bytes
import HTTPWire
import JSON

// Rules.  "Using the X-Ray daemon": a program sends it, over UDP, a header line and one segment: `{"format": "json",
//         "version": 1}`, a line feed, the document. The daemon sends segments on with PutTraceSegments.
// Theory. So a datagram is that call already, but for the signature; a program that can reach the port is this machine's.

/// What comes to the daemon's port.
package enum DaemonDatagram {
    /// The call that the daemon would make of it, without a body for what is no segment.
    package static func request(_ datagram: [UInt8]) -> Request {
        request(body: document(datagram).map { ["TraceSegmentDocuments": [.string($0)]] })
    }

    /// What is wrong with it, or nil.
    package static func mistake(_ datagram: [UInt8]) -> String? {
        document(datagram) != nil
            ? nil : #"the datagram does not begin with {"format": "json", "version": 1} and a line feed"#
    }

    private static func document(_ datagram: [UInt8]) -> String? {
        guard let end = datagram.firstIndex(of: UInt8(ascii: "\n")),
            let header = try? Value.parse(Array(datagram[..<end])), header["format"]?.text == "json",
            header["version"]?.integer == 1
        else { return nil }
        return String(utf8: datagram[(end + 1)...])
    }

    private static func request(body: Value?) -> Request {
        let head = Array("POST /TraceSegments HTTP/1.1\r\n".utf8)
        return Request(
            head: head, method: 0..<4, target: 5..<19, path: 5..<19, query: nil, minorVersion: 1, fields: [],
            body: body?.compact ?? [])
    }
}
