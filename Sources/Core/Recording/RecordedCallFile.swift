import Bytes
import Delivery
import Fields
import HTTPWire
import JSON
import Time

/// `recorded[…]` of a scenario file.
package enum RecordedCallReader {
    package static func read(_ fields: inout FieldReader) -> RecordedCall? {
        let recording = fields.text("recording", .notEmpty)
        let agent = fields.requiredText("agent", .notEmpty)
        var call = RecordedCall(agent: agent ?? "", reply: RecordedReply(body: .frames([])))
        call.recording = recording
        call.qualifier = fields.text("qualifier", .notEmpty) ?? call.qualifier
        call.operation = fields.text("operation", .notEmpty) ?? call.operation
        call.session = fields.text("session", .notEmpty)
        call.arrived = fields.text("arrived", .moment).flatMap { Instant(rfc3339: $0.utf8) }
        let request = fields.object("request") { fields in
            (fields: RecordedFields.read(&fields), body: RecordedBody.read(&fields))
        }
        call.requestFields = request?.fields ?? call.requestFields
        call.requestBody = request?.body ?? []
        let hasReply = fields.required("reply") != nil
        let reply = hasReply ? fields.object("reply", reply) : nil
        call.outcome = fields.choice("outcome", of: Report.Outcome.self) ?? .completed
        guard agent != nil, let reply else { return nil }
        call.reply = reply
        return call
    }

    private static func reply(_ fields: inout FieldReader) -> RecordedReply? {
        let status = fields.integer("status", 101...599)
        if let status, status != 101, status < 200 {
            fields.refuse("status", "\(status) is none of 101 and 200 to 599")
        }
        let header = RecordedFields.read(&fields)
        let at = fields.offset("at")
        let frames = fields.list("frames", frame)
        let whole = RecordedBody.read(&fields)
        if frames != nil, whole != nil { fields.refuse("an answer is a body or frames, not both") }
        var reply = RecordedReply(body: frames.map { .frames($0) } ?? .whole(whole ?? []))
        reply.status = status ?? (frames?.contains { $0.message != nil } == true ? 101 : 200)
        reply.fields = header
        reply.at = at ?? frames?.first?.at ?? 0
        reply.ended = fields.offset("ended") ?? max(reply.at, frames?.last?.at ?? 0)
        return reply
    }

    private static func frame(_ fields: inout FieldReader) -> RecordedFrame? {
        let at = fields.offset("at")
        let size = fields.integer("size", 0...Int.max)
        let side = fields.choice("direction", of: RecordedMessage.Side.self)
        let kind = fields.choice("kind", of: RecordedMessage.Kind.self)
        guard let bytes = RecordedBody.read(&fields) else {
            fields.refuse("the frame says nothing", hint: "write one of \(RecordedBody.words)")
            return nil
        }
        let message = side == nil && kind == nil ? nil : RecordedMessage(from: side ?? .other, kind ?? .text)
        return RecordedFrame(at: at ?? 0, bytes: bytes, size: size, message: message)
    }
}

extension FieldReader {
    /// A duration, or a number of microseconds as the tables have it.
    fileprivate mutating func offset(_ name: String) -> Int64? {
        if has(name), let node = field(name), case .number = node.content {
            return integer(name, 0...Int.max / 1_000).map(Int64.init)
        }
        return duration(name).map { $0.nanoseconds / 1_000 }
    }
}

extension RecordedCall {
    package var written: Value {
        var fields = FieldWriter()
        fields.add("recording", recording)
        fields.add("agent", agent)
        fields.add("qualifier", qualifier)
        fields.add("operation", operation)
        fields.add("session", session)
        fields.add("arrived", arrived?.rfc3339)
        var request = FieldWriter()
        RecordedFields.write(requestFields, to: &request)
        if !requestBody.isEmpty { RecordedBody.write(requestBody, to: &request) }
        fields.add("request", request.object)
        fields.add("reply", reply.written)
        fields.add("outcome", outcome.rawValue)
        return fields.object
    }
}

extension RecordedReply {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("status", status)
        RecordedFields.write(self.fields, to: &fields)
        fields.add("at", Duration.microseconds(at))
        if case .whole(let bytes) = body, !bytes.isEmpty { RecordedBody.write(bytes, to: &fields) }
        if let pieces {
            let list = pieces.map { frame in
                var fields = FieldWriter()
                fields.add("at", Duration.microseconds(frame.at))
                RecordedBody.write(frame.bytes, asJSON: false, to: &fields)
                if let size = frame.size { fields.add("size", size) }
                fields.add("direction", frame.message?.side.rawValue)
                fields.add("kind", frame.message?.kind.rawValue)
                return fields.object
            }
            fields.add("frames", .array(list))
        }
        fields.add("ended", Duration.microseconds(ended))
        return fields.object
    }
}

/// `json`, `text` or `base64`: bytes so that a person can read them, and nothing of them is lost.
enum RecordedBody {
    static let words = "json, text, base64"

    /// Nil when none of them is there.
    static func read(_ fields: inout FieldReader) -> [UInt8]? {
        let json = fields.field("json")
        let isSpaced = fields.bool("spaced") ?? false
        let text = fields.text("text")
        let base64 = fields.text("base64")
        guard [json != nil, text != nil, base64 != nil].filter({ $0 }).count < 2 else {
            fields.refuse("one of \(words), not several", hint: "leave one of them out")
            return nil
        }
        if let json { return json.value.bytes(isSpaced ? .spaced : .compact) }
        if let text { return Array(text.utf8) }
        guard let base64 else { return nil }
        let bytes = Base64.standard.decode(base64.utf8)
        if bytes == nil { fields.refuse("base64", "\(TextCheck.quoted(base64)) is not base64") }
        return bytes ?? []
    }

    /// As JSON only where that gives the same bytes again. `spaced` is how Python writes it.
    static func write(_ bytes: [UInt8], asJSON: Bool = true, to fields: inout FieldWriter) {
        if asJSON, let value = try? Value.parse(bytes), value.members != nil || value.array != nil {
            for style in [Style.compact, .spaced] where value.bytes(style) == bytes {
                fields.add("json", value)
                if style == .spaced { fields.add("spaced", Value.bool(true)) }
                return
            }
        }
        if let text = String(validating: bytes, as: UTF8.self) {
            fields.add("text", text)
        } else {
            fields.add("base64", Base64.standard.encode(bytes))
        }
    }
}

/// `headers`: an object, whose values may be lists; or pairs, where the order would be lost otherwise.
enum RecordedFields {
    static func read(_ fields: inout FieldReader) -> FieldBlock {
        var block = FieldBlock()
        if let pairs = fields.has("headers") ? fields.field("headers")?.array : nil {
            for pair in pairs {
                guard let texts = pair.array?.compactMap(\.text), texts.count == 2, check(texts[0], fields) else {
                    fields.refuse("headers", "expected pairs like [\"Content-Type\", \"text/plain\"]")
                    continue
                }
                block.add(name: texts[0], value: texts[1])
            }
            return block
        }
        _ = fields.object("headers") { (fields: inout FieldReader) -> Bool? in
            for member in fields.others where check(member.name, fields) {
                let values =
                    member.node.array == nil ? fields.text(member.name).map { [$0] } : fields.texts(member.name)
                for value in values ?? [] { block.add(name: member.name, value: value) }
            }
            return true
        }
        return block
    }

    private static func check(_ name: String, _ fields: FieldReader) -> Bool {
        guard let problem = TextCheck.headerName.problem(name) else { return true }
        fields.refuse(name, problem.message)
        return false
    }

    static func write(_ block: FieldBlock, to fields: inout FieldWriter) {
        let list = block.list
        guard !list.isEmpty else { return }
        let names = list.map { $0.name.lowercased() }
        guard Set(names).count < names.count else {
            return fields.add("headers", .object(list.map { .init($0.name, .string($0.value)) }))
        }
        fields.add("headers", .array(list.map { [.string($0.name), .string($0.value)] }))
    }
}
