import Bytes
import JSON

extension Reply {
    package var written: Value {
        var fields = FieldWriter()
        switch kind {
        case .json(let value): fields.add("json", value)
        case .text(let text): fields.add("text", text)
        case .base64(let bytes): fields.add("base64", Base64.standard.encode(bytes))
        case .file(let path): fields.add("file", path)
        case .stream(let stream): fields.add("stream", stream.written)
        case .echo: fields.add("echo", true)
        case .error(let name, nil): fields.add("error", name)
        case .error(let name, .some(let message)):
            fields.add("error", .object([.init("name", .string(name)), .init("message", .string(message))]))
        case .agentError(let status, nil): fields.add("agentError", status)
        case .agentError(let status, .some(let time)):
            fields.add(
                "agentError", .object([.init("status", Value(status)), .init("initialization", .string(time.text))]))
        }
        fields.add("status", status)
        fields.add("headers", headers.map(Self.written))
        fields.add("contentType", contentType)
        fields.add("delay", delay)
        return fields.object
    }

    /// Fields of one name become one list, where the first of them stands.
    private static func written(_ lines: [HeaderLine]) -> Value {
        var names: [String] = []
        var values: [String: [Value]] = [:]
        for line in lines {
            if values[line.name] == nil { names.append(line.name) }
            values[line.name, default: []].append(.string(line.value))
        }
        return .object(
            names.map { name in
                let found = values[name] ?? []
                return Value.Member(name, found.count == 1 ? found[0] : .array(found))
            })
    }
}

extension Stream {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("firstAfter", firstAfter)
        fields.add("every", every)
        fields.add("jitter", jitter)
        fields.add("events", .array(events.map(\.written)))
        return fields.object
    }
}

extension Stream.Event {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("data", data)
        fields.add("text", text)
        fields.add("event", event)
        fields.add("id", id)
        fields.add("retry", retry)
        fields.add("comment", comment)
        fields.add("after", after)
        return fields.object
    }
}
