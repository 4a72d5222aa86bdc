import Bytes

/// A reply, made ready: `constant` when every call gets the same, which then costs a call nothing. A class, so
/// that asking for it copies nothing.
final class CompiledReply: Sendable {
    private struct Header: Sendable {
        var name: String
        var value: Template
    }

    private let body: any ReadyBody
    private let headers: [Header]
    /// Everything but the body and the headers that have holes.
    private let frame: RenderedReply
    let constant: RenderedReply?

    init(_ reply: borrowing Reply, files: [String: [UInt8]]) throws(RuleMistake) {
        var headers: [Header] = []
        for line in reply.headers ?? [] { headers.append(Header(name: line.name, value: try Template(line.value))) }
        self.headers = headers
        let kind = reply.kind
        body = try kind.ready(files)
        let saysType = headers.contains { ASCII.equalsIgnoringCase($0.name.utf8, "content-type".utf8) }
        frame = RenderedReply(
            status: reply.status, contentType: saysType ? nil : reply.contentType ?? kind.contentType,
            delay: reply.delay?.nanoseconds ?? 0, body: .bytes([]))
        constant = Self.constant(body, headers, frame)
    }

    func rendered(_ situation: inout Situation, _ header: HeaderLookup) -> RenderedReply {
        var reply = frame
        for line in headers {
            reply.headers.append(HeaderLine(name: line.name, value: situation.text(line.value, header)))
        }
        reply.body = body.rendered(&situation, header, &reply.contentType)
        return reply
    }

    private static func constant(
        _ body: any ReadyBody, _ headers: [Header], _ frame: RenderedReply
    ) -> RenderedReply? {
        guard let constantBody = body.constantBody else { return nil }
        var reply = frame
        reply.body = constantBody
        for header in headers {
            guard let value = header.value.constant else { return nil }
            reply.headers.append(HeaderLine(name: header.name, value: value))
        }
        return reply
    }
}
