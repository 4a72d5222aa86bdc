import Bytes
import HTTPWire
import JSON
import Journal

// Rules.  "X-Ray segment documents", required fields: `name` ("up to 200 characters", letters, digits, white space and
//         _ . : / % & # = + \ - @), `id` ("16 hexadecimal digits"), `trace_id`, `start_time`, and `end_time` or
//         `in_progress`. "The maximum size of a segment document is 64 kB." A subsegment has a `parent_id` besides.
// Theory. The service takes what is right and names the others. `MissingId` and `InvalidName` were seen with their
//         messages; the other codes are formed like them.

/// One document of PutTraceSegments.
enum SegmentDocument {
    struct Mistake: Error, Equatable {
        var id: String?
        var code: String
        var isSubsegment = false

        var told: Value {
            let kind = isSubsegment ? "subsegment" : "segment"
            let members: [Value.Member] = [
                .init("ErrorCode", .string(code)), .init("Message", .string("Invalid \(kind). ErrorCode: \(code)")),
            ]
            return .object((id.map { [.init("Id", .string($0))] } ?? []) + members)
        }
    }

    static func read(_ document: String) -> Result<TraceSegment, Mistake> {
        guard document.utf8.count <= 65_536 else { return .failure(Mistake(code: "SegmentTooLarge")) }
        guard let value = try? Value.parse(Array(document.utf8), .init(maximumDepth: 64)), value.members != nil else {
            return .failure(Mistake(code: "ParseError"))
        }
        let id = value["id"]?.text
        if let code = mistake(in: value) {
            return .failure(Mistake(id: id, code: code, isSubsegment: value["type"]?.text == "subsegment"))
        }
        return .success(TraceSegment(traceID: xrayID(value["trace_id"]?.text ?? ""), document: value.compact))
    }

    private static func mistake(in value: Value) -> String? {
        guard let id = value["id"] else { return "MissingId" }
        guard isHex(id.text, 16) else { return "InvalidId" }
        guard let trace = value["trace_id"] else { return "MissingTraceId" }
        guard isTrace(trace.text) else { return "InvalidTraceId" }
        guard let name = value["name"] else { return "MissingName" }
        guard let text = name.text, isName(text) else { return "InvalidName" }
        guard let start = value["start_time"] else { return "MissingStartTime" }
        guard start.double != nil else { return "InvalidStartTime" }
        if value["in_progress"]?.bool == true { return nil }
        guard let end = value["end_time"] else { return "MissingEndTime" }
        return end.double == nil ? "InvalidEndTime" : nil
    }

    private static func isName(_ text: String) -> Bool {
        (1...200).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { scalar in
                let properties = scalar.properties
                return properties.isAlphabetic || properties.numericType != nil || properties.isWhitespace
                    || "_.:/%&#=+\\-@".unicodeScalars.contains(scalar)
            }
    }

    /// `1-`, eight digits of time, `-`, twenty-four more; or W3C's thirty-two in one.
    private static func isTrace(_ text: String?) -> Bool {
        guard let text else { return false }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 1 { return isHex(parts[0], 32) }
        return parts.count == 3 && parts[0] == "1" && isHex(parts[1], 8) && isHex(parts[2], 24)
    }

    private static func xrayID(_ text: String) -> String {
        text.utf8.count == 32 ? "1-\(text.prefix(8))-\(text.dropFirst(8))" : text
    }

    private static func isHex(_ text: String?, _ count: Int) -> Bool {
        guard let text, text.utf8.count == count else { return false }
        return text.utf8.allSatisfy { ASCII.isDigit($0) || ($0 | 0x20) &- 0x61 < 6 }
    }
}

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
