import Delivery
import HTTPWire
import JSON

// Rules.  Two recordings of one program are never the same byte for byte: dates, request and trace ids are made anew, and
//         sessions are called otherwise. None of these is a difference, nor is a time that is off by less than is asked.
// Theory. What is compared is common to a recording and a journal, so that either can stand on either side.

/// One call of a recording or a journal, as far as it is compared.
package struct ComparedCall: Sendable {
    package struct Frame: Equatable, Sendable {
        /// Microseconds after the call arrived.
        package var at: Int64
        package var bytes: Int

        package init(at: Int64, bytes: Int) { (self.at, self.bytes) = (at, bytes) }
    }

    /// Its place in its file, from 1.
    package var number: Int
    package var agent = ""
    package var qualifier = ""
    package var operation = ""
    package var session: String?
    package var requestBody: [UInt8] = []
    package var status: Int?
    package var replyFields = FieldBlock()
    package var replyBody: [UInt8] = []
    /// None for an answer that came whole.
    package var frames: [Frame] = []
    package var ended: Int64?
    package var outcome: String?

    package init(number: Int) { self.number = number }

    package init(_ call: RecordedCall, number: Int) {
        self.number = number
        (agent, qualifier, operation, session) = (call.agent, call.qualifier, call.operation, call.session)
        requestBody = call.requestBody
        status = call.reply.status
        replyFields = call.reply.fields
        replyBody = call.reply.frames.flatMap(\.bytes)
        if let frames = call.reply.pieces {
            self.frames = frames.map { Frame(at: $0.at, bytes: $0.bytes.count) }
        }
        ended = call.reply.ended
        outcome = call.outcome.word
    }

    /// What makes two calls the same request: they are compared with one another.
    package var isAsking: [UInt8] {
        Array("\(agent)\n\(qualifier)\n\(operation)\n".utf8)
            + PayloadForm.request(ParsedPayload(requestBody), volatile: []).bytes
    }
}

/// One thing that is not the same.
package struct CallDifference: Equatable, Sendable {
    package var left: Value?
    package var right: Value?
    /// `call`, `request`, `status`, `headers`, `body`, `frames`, `timing`, `outcome`.
    package var what: String
    /// `calls[3].reply.frames[2].at`
    package var path: String

    package var written: Value {
        ["a": left ?? .null, "b": right ?? .null, "what": .string(what), "path": .string(path)]
    }

    package var line: String {
        "\(path): \(what): " + (left.map { $0.json() } ?? "nothing") + " / " + (right.map { $0.json() } ?? "nothing")
    }
}

extension ComparedCall {
    /// A call that one side lacks.
    package static func missing(_ left: ComparedCall?, _ right: ComparedCall?) -> CallDifference {
        let call = left ?? right
        return CallDifference(
            left: left?.face, right: right?.face, what: "call", path: "calls[\((call?.number ?? 1) - 1)]")
    }

    private var face: Value {
        [
            "agent": .string(agent), "operation": .string(operation), "session": Value(session),
            "status": status.map { Value($0) } ?? .null,
        ]
    }

    /// Everything in which the other one is not the same. Times may differ by `tolerance`.
    package func differences(from other: ComparedCall, tolerance: Duration) -> [CallDifference] {
        let place = "calls[\(number - 1)]"
        var found: [CallDifference] = []
        func note(_ what: String, _ path: String, _ left: Value?, _ right: Value?) {
            if left != right { found.append(CallDifference(left: left, right: right, what: what, path: place + path)) }
        }
        note("request", ".agent", .string(agent), .string(other.agent))
        note("request", ".qualifier", .string(qualifier), .string(other.qualifier))
        note("request", ".operation", .string(operation), .string(other.operation))
        for body in Self.bodies(requestBody, other.inSession(session, other.requestBody)) {
            note("request", ".request.body" + body.path.dropFirst(), body.left, body.right)
        }
        note("status", ".reply.status", status.map { Value($0) }, other.status.map { Value($0) })
        for (name, left, right) in fieldDifferences(from: other) {
            note("headers", ".reply.headers[\(Value.string(name).json())]", left, right)
        }
        for body in Self.bodies(replyBody, other.inSession(session, other.replyBody)) {
            note("body", ".reply.body" + body.path.dropFirst(), body.left, body.right)
        }
        note("outcome", ".outcome", outcome.map(Value.string), other.outcome.map(Value.string))
        return found + frameDifferences(from: other, place, tolerance)
    }

    /// A body of this call as it would be if the session were called so.
    private func inSession(_ id: String?, _ body: [UInt8]) -> [UInt8] {
        guard let session, let id, session != id else { return body }
        let places = SessionPlaces.find(session, in: [RecordedFrame(at: 0, bytes: body)])
        let frame = FrameScript.Frame(bytes: body, offset: 0, gap: 0)
        return SessionPlaces.replaced(session, by: id, at: places, in: [frame])[0].bytes
    }

    private static let mostPlaces = 20

    /// JSON is compared place by place, anything else up to the first byte that is not the same.
    private static func bodies(_ left: [UInt8], _ right: [UInt8]) -> [ValueDifference] {
        guard left != right else { return [] }
        if let one = ParsedPayload(left).value, let other = ParsedPayload(right).value {
            return ValueDifference.all(one, other, most: mostPlaces)
        }
        let same = zip(left, right).prefix { $0 == $1 }.count
        func excerpt(_ bytes: [UInt8]) -> Value? {
            same < bytes.count ? .string(String(decoding: bytes[same...].prefix(60), as: UTF8.self)) : nil
        }
        return [ValueDifference(path: "$[byte \(same)]", left: excerpt(left), right: excerpt(right))]
    }

    private func fieldDifferences(from other: ComparedCall) -> [(name: String, left: Value?, right: Value?)] {
        func fields(_ call: ComparedCall) -> [(name: String, value: String)] {
            ReadyCall.kept(call.replyFields).list.map { ($0.name.lowercased(), $0.value) }
        }
        let (here, there) = (fields(self), fields(other))
        let names = here.map(\.name) + there.map(\.name).filter { name in !here.contains { $0.name == name } }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }.compactMap { name in
            let left = here.filter { $0.name == name }.map(\.value).joined(separator: ", ")
            var right = there.filter { $0.name == name }.map(\.value).joined(separator: ", ")
            right = String(decoding: other.inSession(session, Array(right.utf8)), as: UTF8.self)
            if left == right { return nil }
            return (name, left.isEmpty ? nil : .string(left), right.isEmpty ? nil : .string(right))
        }
    }

    private func frameDifferences(
        from other: ComparedCall, _ place: String, _ tolerance: Duration
    ) -> [CallDifference] {
        var found: [CallDifference] = []
        let most = tolerance.nanoseconds / 1_000
        func time(_ path: String, _ left: Int64?, _ right: Int64?) {
            guard let left, let right, abs(left - right) > most else { return }
            found.append(
                CallDifference(
                    left: Value(Int(left)), right: Value(Int(right)), what: "timing", path: "\(place).reply\(path)"))
        }
        // An answer in one piece is one frame, or none.
        let isOne = frames.count < 2 && other.frames.count < 2
        if frames.count != other.frames.count, !isOne {
            found.append(
                CallDifference(
                    left: Value(frames.count), right: Value(other.frames.count), what: "frames",
                    path: "\(place).reply.frames"))
        }
        let isRenamed = session != other.session
        for (index, (one, two)) in zip(frames, other.frames).enumerated() where found.count < Self.mostPlaces {
            if one.bytes != two.bytes, !isRenamed || session?.utf8.count == other.session?.utf8.count {
                found.append(
                    CallDifference(
                        left: Value(one.bytes), right: Value(two.bytes), what: "frames",
                        path: "\(place).reply.frames[\(index)].bytes"))
            }
            time(".frames[\(index)].at", one.at, two.at)
        }
        if found.isEmpty { time(".ended", ended, other.ended) }
        return found
    }
}
