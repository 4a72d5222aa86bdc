import Bytes
import HTTPWire

extension Request {
    /// The request that stands whole in these bytes, as a server would read it; nil when it is refused.
    package init?(reading bytes: [UInt8], known: KnownFields = .none) {
        var parser = RequestParser()
        var held: [UInt8] = []
        let rules = RequestParser.Rules(limits: Limits(), known: known)
        guard case .request(let request) = parser.read(bytes.span, from: 0, held: &held, rules).event else {
            return nil
        }
        self = request
    }

    /// A request as the parser would give it for this line, these fields and this body.
    package static func made(
        _ method: String = "POST", _ target: String = "/", _ headers: [(String, String)] = [], body: [UInt8] = [],
        minorVersion: UInt8 = 1
    ) -> Request {
        var head = Array("\(method) \(target) HTTP/1.1\r\n".utf8)
        let targetStart = method.utf8.count + 1
        let targetEnd = targetStart + target.utf8.count
        let mark = head[targetStart..<targetEnd].firstIndex(of: UInt8(ascii: "?"))
        var fields: [FieldRange] = []
        for (name, value) in headers {
            let nameEnd = head.count + name.utf8.count
            let valueEnd = nameEnd + 2 + value.utf8.count
            fields.append(FieldRange(name: head.count..<nameEnd, value: nameEnd + 2..<valueEnd))
            head.append("\(name): \(value)\r\n")
        }
        return Request(
            head: head, method: 0..<method.utf8.count, target: targetStart..<targetEnd,
            path: targetStart..<(mark ?? targetEnd), query: mark.map { $0 + 1..<targetEnd },
            minorVersion: minorVersion, fields: fields, body: body)
    }
}
