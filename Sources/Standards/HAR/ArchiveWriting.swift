import Bytes
import JSON
import Time

/// Every field that HAR 1.2 requires is written, those that say nothing too: viewers look for them.
extension Archive {
    package var written: Value {
        [
            "log": [
                "version": "1.2", "creator": ["name": .string(creator), "version": .string(creatorVersion)],
                "entries": .array(entries.map(\.written)),
            ]
        ]
    }
}

extension ArchiveEntry {
    fileprivate var written: Value {
        var members: [Value.Member] = [
            .init("startedDateTime", .string(started.rfc3339)), .init("time", Self.number(wait + receive)),
            .init("request", request.written), .init("response", response.written), .init("cache", .object([])),
            .init("timings", ["send": 0, "wait": Self.number(wait), "receive": Self.number(receive)]),
        ]
        for field in own { members.append(.init("_" + field.name, .string(field.value))) }
        return .object(members)
    }

    /// Milliseconds, with the digits of microseconds.
    private static func number(_ milliseconds: Double) -> Value {
        let microseconds = Int64((milliseconds * 1_000).rounded())
        let rest = String(microseconds % 1_000)
        return .number("\(microseconds / 1_000).\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest)")
    }
}

extension [ArchivedField] {
    fileprivate var written: Value { .array(map { ["name": .string($0.name), "value": .string($0.value)] }) }

    fileprivate func value(of name: String) -> String? {
        first { ASCII.equalsIgnoringCase($0.name.utf8, name.utf8) }?.value
    }
}

extension ArchivedRequest {
    fileprivate var written: Value {
        var members: [Value.Member] = [
            .init("method", .string(method)), .init("url", .string(url)), .init("httpVersion", "HTTP/1.1"),
            .init("cookies", .array([])), .init("headers", fields.written), .init("queryString", parameters.written),
            .init("headersSize", -1), .init("bodySize", Value(body.count)),
        ]
        guard !body.isEmpty else { return .object(members) }
        var content: [Value.Member] = [
            .init("mimeType", .string(fields.value(of: "Content-Type") ?? "application/octet-stream")),
            .init("params", .array([])),
        ]
        if let text = String(validating: body, as: UTF8.self) {
            content.append(.init("text", .string(text)))
        } else {
            // HAR 1.2 has no bytes in requests; version 1.3 proposes this field.
            content.append(.init("text", .string(Base64.standard.encode(body))))
            content.append(.init("encoding", "base64"))
        }
        members.append(.init("postData", .object(content)))
        return .object(members)
    }

    private var parameters: [ArchivedField] {
        guard let mark = url.firstIndex(of: "?") else { return [] }
        return url[url.index(after: mark)...].split(separator: "&").map { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { part in
                PercentEncoding.decode(part.utf8, plusIsSpace: true).map { String(lossy: $0) } ?? String(part)
            }
            return ArchivedField(decoded[0], decoded.count > 1 ? decoded[1] : "")
        }
    }
}

extension ArchivedResponse {
    fileprivate var written: Value {
        var content: [Value.Member] = [.init("size", Value(body.count)), .init("mimeType", .string(mimeType))]
        if let text = String(validating: body, as: UTF8.self) {
            content.append(.init("text", .string(text)))
        } else {
            content.append(.init("text", .string(Base64.standard.encode(body))))
            content.append(.init("encoding", "base64"))
        }
        var members: [Value.Member] = [
            .init("status", Value(status)), .init("statusText", ""), .init("httpVersion", "HTTP/1.1"),
            .init("cookies", .array([])), .init("headers", fields.written), .init("content", .object(content)),
            .init("redirectURL", .string(fields.value(of: "Location") ?? "")), .init("headersSize", -1),
            .init("bodySize", Value(body.count)),
        ]
        if let error { members.append(.init("_error", .string(error))) }
        if let frames {
            let list = frames.map { frame -> Value in
                var members: [Value.Member] = [
                    .init("at", .number(String(frame.at))),
                    .init("base64", .string(Base64.standard.encode(frame.bytes))),
                ]
                if let size = frame.size { members.append(.init("size", Value(size))) }
                if let direction = frame.direction { members.append(.init("direction", .string(direction))) }
                if let kind = frame.kind { members.append(.init("kind", .string(kind))) }
                return .object(members)
            }
            members.append(.init("_frames", .array(list)))
        }
        return .object(members)
    }
}
