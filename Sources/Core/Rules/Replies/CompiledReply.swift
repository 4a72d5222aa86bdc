import Bytes
import Delivery
import JSON
import Time

/// A reply, made ready: `constant` when every call gets the same, which then costs a call nothing. A class, so
/// that asking for it copies nothing.
final class CompiledReply: Sendable {
    private enum Body: Sendable {
        case bytes([UInt8])
        case text(Template)
        case json(CompiledJSON)
        case stream(CompiledStream)
        case echo
        case serviceError(name: String, Template?)
        case agentError(status: Int, initialization: Duration?)
    }

    private struct Header: Sendable {
        var name: String
        var value: Template
    }

    private let body: Body
    private let headers: [Header]
    /// Everything but the body and the headers that have holes.
    private let frame: RenderedReply
    let constant: RenderedReply?

    init(_ reply: Reply, files: [String: [UInt8]]) throws(ReplyMistake) {
        do throws(TemplateMistake) {
            var headers: [Header] = []
            for line in reply.headers ?? [] { headers.append(Header(name: line.name, value: try Template(line.value))) }
            self.headers = headers
            body = try Self.body(reply.kind, files)
        } catch {
            throw ReplyMistake(error.message)
        }
        if case .file(let path) = reply.kind, files[path] == nil {
            throw ReplyMistake("the file \"\(path)\" is not in the library")
        }
        let saysType = headers.contains { ASCII.equalsIgnoringCase($0.name.utf8, "content-type".utf8) }
        frame = RenderedReply(
            status: reply.status, contentType: saysType ? nil : reply.contentType ?? ContentType.of(reply.kind),
            delay: reply.delay?.nanoseconds ?? 0, body: .bytes([]))
        constant = Self.constant(body, headers, frame)
    }

    func rendered(_ situation: inout Situation, _ header: HeaderLookup) -> RenderedReply {
        var lines: [HeaderLine] = []
        for line in headers {
            lines.append(HeaderLine(name: line.name, value: situation.text(line.value, header)))
        }
        var type = frame.contentType
        let body = rendered(&situation, header, &type)
        return RenderedReply(status: frame.status, contentType: type, headers: lines, delay: frame.delay, body: body)
    }

    private func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body {
        switch body {
        case .bytes(let bytes): return .bytes(bytes)
        case .text(let template):
            var bytes: [UInt8] = []
            situation.append(template, to: &bytes, header)
            return .bytes(bytes)
        case .json(let json):
            var bytes: [UInt8] = []
            json.append(to: &bytes, &situation, header)
            return .bytes(bytes)
        case .stream(let stream):
            return .stream(stream.script(&situation, header), firstAfter: stream.firstAfter)
        case .echo: return Echo.answer(&situation, header, &contentType)
        case .serviceError(let name, let message):
            return .serviceError(name: name, message: message.map { situation.text($0, header) })
        case .agentError(let status, let time): return .agentError(status: status, initialization: time)
        }
    }

    private static func body(_ kind: Reply.Kind, _ files: [String: [UInt8]]) throws(TemplateMistake) -> Body {
        switch kind {
        case .json(let value):
            let json = try CompiledJSON(value)
            return json.constant.map(Body.bytes) ?? .json(json)
        case .text(let text):
            let template = try Template(text)
            return template.constant.map { .bytes(Array($0.utf8)) } ?? .text(template)
        case .base64(let bytes): return .bytes(bytes)
        case .file(let path): return .bytes(files[path] ?? [])
        case .stream(let stream): return .stream(try CompiledStream(stream))
        case .echo: return .echo
        case .error(let name, let message):
            guard let message else { return .serviceError(name: name, nil) }
            return .serviceError(name: name, try Template(message))
        case .agentError(let status, let time): return .agentError(status: status, initialization: time)
        }
    }

    private static func constant(_ body: Body, _ headers: [Header], _ frame: RenderedReply) -> RenderedReply? {
        var reply = frame
        for header in headers {
            guard let value = header.value.constant else { return nil }
            reply.headers.append(HeaderLine(name: header.name, value: value))
        }
        switch body {
        case .bytes(let bytes): reply.body = .bytes(bytes)
        case .stream(let stream):
            guard let script = stream.constant else { return nil }
            reply.body = .stream(script, firstAfter: stream.firstAfter)
        case .serviceError(let name, nil): reply.body = .serviceError(name: name, message: nil)
        case .serviceError(let name, .some(let message)):
            guard let text = message.constant else { return nil }
            reply.body = .serviceError(name: name, message: text)
        case .agentError(let status, let time): reply.body = .agentError(status: status, initialization: time)
        case .text, .json, .echo: return nil
        }
        return reply
    }
}

/// Why a reply cannot be made ready.
struct ReplyMistake: Error, Equatable {
    var message: String

    init(_ message: String) { self.message = message }
}

/// The content type of a reply that names none. A file has that of its ending.
enum ContentType {
    static let json = "application/json"
    static let eventStream = "text/event-stream"

    static func of(_ kind: Reply.Kind) -> String? {
        switch kind {
        case .json, .echo: json
        case .text: "text/plain; charset=utf-8"
        case .base64: "application/octet-stream"
        case .file(let path): ofFile(path)
        case .stream: eventStream
        case .error, .agentError: nil
        }
    }

    private static func ofFile(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        let ending = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        return endings[ending] ?? "application/octet-stream"
    }

    private static let endings: [String: String] = [
        "json": json, "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8",
        "html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8", "xml": "application/xml",
        "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "webp": "image/webp", "svg": "image/svg+xml", "wav": "audio/wav", "mp3": "audio/mpeg", "zip": "application/zip",
        "sse": eventStream,
    ]
}
