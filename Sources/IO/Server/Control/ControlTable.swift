import Bytes
import Delivery
import HTTPWire
import JSON

/// One control call: what it is asked with, and what does it.
struct ControlCall: Sendable {
    let method: StaticString
    /// `{number}` stands for any segment.
    let path: String
    let answer: @Sendable (ControlRequest, Service) throws(ControlRefusal) -> ControlAnswer

    func fits(_ segments: [String]) -> Bool {
        let pattern = path.split(separator: "/")
        return pattern.count == segments.count
            && zip(pattern, segments).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
    }
}

enum ControlAnswer {
    case json(Value, status: Int = 200)
    /// JSON that is bytes already.
    case bytes([UInt8], status: Int)
    /// What is not known yet: the head, and where the rest comes from.
    case steps([Step], any ControlSource)
}

protocol ControlSource: StepSource {
    /// Whether it is asked again after every change in the journal.
    var watchesJournal: Bool { get }
}

/// All control calls (contract section 5).
struct ControlTable {
    static let calls: [ControlCall] = [
        Health.get,
        ScenarioCalls.get, ScenarioCalls.put, ScenarioCalls.patch, ScenarioCalls.delete,
        FaultCalls.get, FaultCalls.getOne, FaultCalls.post, FaultCalls.delete, FaultCalls.deleteOne,
        PlanCalls.get,
        CallsCalls.get, CallsCalls.delete, CallsStream.get, CallByNumber.get,
        Await.post,
        ClockCalls.get, ClockCalls.put,
        Tokens.post,
        SpaceCalls.get, SpaceCalls.put, SpaceCalls.delete,
        Reset.post,
    ]

    let guardian: ControlGuard

    /// Does the call on its connection.
    func answer(_ request: ControlRequest, on connection: Connection) {
        let service = connection.service
        do throws(ControlRefusal) {
            try guardian.check(request)
            switch try find(request).answer(request, service) {
            case .json(let value, let status): start(Self.steps(value.compact, status), for: request, on: connection)
            case .bytes(let bytes, let status): start(Self.steps(bytes, status), for: request, on: connection)
            case .steps(let steps, let source): start(steps, source, for: request, on: connection)
            }
        } catch {
            let body = Value.object([.init("error", .string(error.message))] + error.extra)
            start(Self.steps(body.compact, error.status, allow: allowed(error, request)), for: request, on: connection)
        }
    }

    private func find(_ request: ControlRequest) throws(ControlRefusal) -> ControlCall {
        let here = Self.calls.filter { $0.fits(request.segments) }
        guard !here.isEmpty else {
            var refusal = ControlRefusal(404, "there is no such control call")
            refusal.extra = [
                .init("calls", .array(Self.calls.map { .string("\($0.method) \(ControlRequest.prefix)/\($0.path)") }))
            ]
            throw refusal
        }
        let isHead = request.request.isMethod("HEAD")
        guard
            let call = here.first(where: {
                request.request.isMethod(isHead ? "HEAD" : $0.method) && (!isHead || "\($0.method)" == "GET")
            })
        else {
            throw ControlRefusal(405, "\(request.request.methodText) is not for this; \(Self.methods(here)) is")
        }
        return call
    }

    private func allowed(_ refusal: ControlRefusal, _ request: ControlRequest) -> String? {
        refusal.status == 405 ? Self.methods(Self.calls.filter { $0.fits(request.segments) }) : nil
    }

    private static func methods(_ calls: [ControlCall]) -> String {
        calls.map { "\($0.method)" }.joined(separator: ", ")
    }

    private func start(
        _ steps: [Step], _ source: (any ControlSource)? = nil, for request: ControlRequest, on connection: Connection
    ) {
        let circumstances = ResponseWriter.Circumstances(
            answering: request.request, serverKeepsAlive: !connection.service.isStopping)
        let delivery = DeliveryRunner(
            ScriptedSource(steps), number: 0, epoch: 0, arrived: request.arrived, circumstances)
        delivery.source = source
        if source?.watchesJournal == true {
            delivery.observer = Int32(truncatingIfNeeded: connection.service.keeper.observe { connection.proceedNow() })
        }
        connection.start(delivery)
    }

    static func steps(_ json: [UInt8], _ status: Int, allow: String? = nil) -> [Step] {
        var body = json
        body.append(UInt8(ascii: "\n"))
        var fields = fields(contentType: "application/json")
        if let allow { fields.add("Allow", allow) }
        return [.head(ResponseHead(status: status, fields: fields, length: .known(body.count))), .body(body), .end]
    }

    static func fields(contentType: String) -> FieldBlock {
        var fields = FieldBlock()
        fields.add("Content-Type", contentType)
        fields.add("Cache-Control", "no-store")
        return fields
    }
}
