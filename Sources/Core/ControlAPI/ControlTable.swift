import Bytes
import Delivery
import HTTPWire
import JSON

/// All control calls (contract section 5), and who may make them.
package struct ControlTable {
    static let all: [ControlCalls] = [
        .health, .scenario, .faults, .plan, .calls, .agents, .sessions, .awaiting, .verifying, .marks, .clock, .tokens,
        .spaces, .recordings, .metrics, .openAPI, .reset,
    ]

    private let guardian: ControlGuard
    private let texts = SharedTexts()
    private let calls = Self.all.flatMap(\.calls)

    package init(_ guardian: ControlGuard) { self.guardian = guardian }

    /// What is said, and where the rest comes from when that is not all.
    package struct Reply {
        package let steps: [Step]
        package var source: (any ControlSource)?

        package init(steps: [Step], source: (any ControlSource)? = nil) {
            self.steps = steps
            self.source = source
        }

        /// RFC 9110 9.3.2: HEAD is GET without the content. Where the head is known before the rest is, nobody waits
        /// for that: a stream of calls never ends.
        fileprivate var withoutContent: Reply {
            guard source != nil, let first = steps.first, case .head = first else { return self }
            return Reply(steps: [first, .end])
        }
    }

    package func answer(_ request: ControlRequest, in world: ControlWorld) -> Reply {
        do throws(ControlRefusal) {
            try guardian.check(request.request)
            var world = world
            world.texts = texts
            let reply = Self.reply(try find(request).perform(request, world))
            return request.request.isMethod("HEAD") ? reply.withoutContent : reply
        } catch {
            let allowed = error.status == 405 ? Self.methods(calls.filter { $0.fits(request.segments) }) : nil
            return Reply(steps: Self.steps(error, allow: allowed))
        }
    }

    static func reply(_ answer: ControlAnswer) -> Reply {
        switch answer {
        case .json(let value, let status): Reply(steps: steps(value.compact, status))
        case .bytes(let bytes, let status): Reply(steps: steps(bytes, status))
        case .text(let text, let contentType):
            Reply(steps: [.whole(head(200, contentType, count: text.utf8.count), Array(text.utf8))])
        case .steps(let steps, let source): Reply(steps: steps, source: source)
        }
    }

    static func steps(_ refusal: ControlRefusal, allow: String? = nil) -> [Step] {
        let body = Value.object([.init("error", .string(refusal.message))] + refusal.extra)
        return steps(body.compact, refusal.status, allow: allow)
    }

    private func find(_ request: ControlRequest) throws(ControlRefusal) -> ControlCall {
        let here = calls.filter { $0.fits(request.segments) }
        guard !here.isEmpty else {
            let all = calls.map { Value.string("\($0.method) \(ControlRequest.prefix)/\($0.path)") }
            throw ControlRefusal(404, "there is no such control call", extra: [.init("calls", .array(all))])
        }
        // RFC 9110 9.3.2: HEAD is GET without the content.
        let isHead = request.request.isMethod("HEAD")
        let call = here.first { isHead ? "\($0.method)" == "GET" : request.request.isMethod($0.method) }
        guard let call else {
            throw ControlRefusal(405, "\(request.request.methodText) is not for this; \(Self.methods(here)) is")
        }
        return call
    }

    /// HEAD is answered wherever GET is.
    private static func methods(_ calls: [ControlCall]) -> String {
        var names: [String] = []
        for name in calls.flatMap({ $0.method.description == "GET" ? ["GET", "HEAD"] : [$0.method.description] })
        where !names.contains(name) { names.append(name) }
        return names.joined(separator: ", ")
    }

    static func steps(_ json: [UInt8], _ status: Int, allow: String? = nil) -> [Step] {
        var body = json
        body.append(UInt8(ascii: "\n"))
        var fields = fields(contentType: "application/json")
        if let allow { fields.add("Allow", allow) }
        return [.whole(ResponseHead(status: status, fields: fields, length: .known(body.count)), body)]
    }

    private static func head(_ status: Int, _ contentType: String, count: Int) -> ResponseHead {
        ResponseHead(status: status, fields: fields(contentType: contentType), length: .known(count))
    }

    static func fields(contentType: String) -> FieldBlock {
        var fields = FieldBlock()
        fields.add("Content-Type", contentType)
        fields.add("Cache-Control", "no-store")
        return fields
    }
}
