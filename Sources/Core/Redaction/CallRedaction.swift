import Bytes
import HTTPWire
import Recording

extension RecordedCall {
    /// Takes the secrets out of all of it. Answers what was not kept because it could not be looked through.
    package mutating func redact(_ redactor: inout Redactor) -> [String] {
        var withheld = redactRequest(&redactor).map { [$0] } ?? []
        var frames = FrameRedactor(reply.fields, redactor.rules)
        let before = reply.byteCount
        reply.fields = redactor.redact(reply.fields, of: .answer)
        let isWhole = reply.pieces == nil
        var kept: [RecordedFrame] = []
        for frame in reply.frames { kept += frames.add(frame, &redactor) }
        kept += frames.finish(&redactor)
        reply.body = isWhole ? .whole(kept.first?.bytes ?? []) : .frames(kept)
        if frames.hasDecoded { reply.fields.remove("Content-Encoding") }
        reply.noteLength(changedBy: reply.byteCount - before)
        if let reason = frames.withheld { withheld.append("an answer \(reason)") }
        return withheld
    }

    /// Its header fields, body and, of an operation that is known by its request line alone, that. A large body is searched
    /// piece by piece like an answer.
    package mutating func redactRequest(_ redactor: inout Redactor) -> String? {
        redactor.rules.spared = session.map { [$0] } ?? []
        // Bytes are searched for quicker than characters.
        let isLine =
            ByteSearch.first(UInt8(ascii: " "), in: operation.utf8.span, 0..<operation.utf8.count)
            < operation.utf8.count
        if isLine, let space = operation.firstIndex(of: " ") {
            let target = String(operation[operation.index(after: space)...])
            operation = "\(operation[...space])\(redactor.redact(target: target))"
        }
        let came = requestFields
        requestFields = redactor.redact(came, of: .request)
        if requestBody.count <= 1 << 20, redactor.isPlain(.request) || !came.has("content-encoding") {
            requestBody = redactor.redact(requestBody)
            return nil
        }
        var frames = FrameRedactor(came, redactor.rules)
        var kept: [UInt8] = []
        for start in stride(from: 0, to: requestBody.count, by: 65_536) {
            let piece = Array(requestBody[start..<min(start + 65_536, requestBody.count)])
            for done in frames.add(RecordedFrame(at: 0, bytes: piece), &redactor) { kept += done.bytes }
        }
        for done in frames.finish(&redactor) { kept += done.bytes }
        requestBody = kept
        if frames.hasDecoded { requestFields.remove("Content-Encoding") }
        return frames.withheld.map { "a request \($0)" }
    }
}

extension Redactor {
    /// The same, where the redactor is part of something.
    package mutating func redactRequest(of call: inout RecordedCall) -> String? { call.redactRequest(&self) }

    /// Whether an answer that is there altogether, and whose fields were redacted just now, can hold no secret: one look
    /// tells it of a plain text.
    package func isClean(_ answer: [RecordedFrame]) -> Bool {
        guard isPlain(.answer), !answer.contains(where: { $0.message != nil }) else { return false }
        var text: [UInt8] = []
        // The array of the only one is not copied.
        for frame in answer { if text.isEmpty { text = frame.bytes } else { text += frame.bytes } }
        return !mayHold(text.span)
    }
}

extension RecordedReply {
    /// The body has so many bytes more than its fields say.
    package mutating func noteLength(changedBy change: Int) {
        guard let length = fields.value(of: "Content-Length").flatMap({ Int($0) }) else { return }
        promise(length, changedBy: change)
    }

    /// The length that was promised, of a body that has so many bytes more now.
    package mutating func promise(_ length: Int, changedBy change: Int) {
        guard change != 0 else { return }
        fields.remove("Content-Length")
        fields.add("Content-Length", decimal: max(0, length + change))
    }
}
