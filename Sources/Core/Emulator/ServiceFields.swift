import Bytes
import Runtime
import SplitMix
import HTTPWire

/// The fields that the service adds to every answer of an agent (wire reference 1.4), and the call's number in the
/// journal. What a reply gives itself stays.
enum ServiceFields {
    static func add(to fields: inout FieldBlock, for call: OpenCall) {
        let (high, low) = (call.chance.next(), call.chance.next())
        if !fields.has("x-amzn-requestid") {
            fields.add("x-amzn-RequestId", count: UUIDText.count) { UUIDText.append(high, low, to: &$0) }
        }
        fields.add("X-Understudy-Call", decimal: call.entry.number)
        if call.sessionKey != nil, let session = call.entry.session {
            fields.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session)
            if call.protocol == .mcp, !fields.has("mcp-session-id") { fields.add("Mcp-Session-Id", session) }
        }
        if let trace = call.request.value(of: .amznTrace) {
            fields.add("X-Amzn-Trace-Id", trace)
        } else {
            let trace = TraceID(&call.chance, at: call.now.seconds)
            fields.add("X-Amzn-Trace-Id", count: TraceID.count) { trace.append(to: &$0) }
        }
        if let parent = call.request.value(of: .traceParent) { fields.add("traceparent", parent) }
        if let state = call.request.value(of: .traceState) { fields.add("tracestate", state) }
        if let baggage = call.request.value(of: .baggage) { fields.add("baggage", baggage) }
        CrossOrigin.add(to: &fields, for: call.request)
    }
}

/// `Root=1-<8hex>-<24hex>;Parent=<16hex>;Sampled=1`, the first eight digits being the time in seconds.
private struct TraceID {
    static let count = 74

    private let seconds: UInt64
    private let root: (UInt64, UInt64)
    private let parent: UInt64

    init(_ chance: inout Chance, at seconds: Int64) {
        self.seconds = UInt64(bitPattern: seconds)
        root = (chance.next(), chance.next())
        parent = chance.next()
    }

    func append(to text: inout OutputSpan<UInt8>) {
        text.append("Root=1-" as StaticString)
        Hex.append(UInt32(truncatingIfNeeded: seconds), to: &text)
        text.append("-" as StaticString)
        Hex.append(root.0, to: &text)
        Hex.append(UInt32(truncatingIfNeeded: root.1), to: &text)
        text.append(";Parent=" as StaticString)
        Hex.append(parent, to: &text)
        text.append(";Sampled=1" as StaticString)
    }
}

/// What browsers are told (the Fetch standard's CORS protocol), in the service's words (wire reference 1.4).
enum CrossOrigin {
    private static let exposed =
        "smithy-protocol,baggage,WWW-Authenticate,Date,Mcp-Session-Id,X-Amzn-Trace-Id,"
        + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id,Mcp-Protocol-Version,tracestate,x-amzn-ErrorMessage,"
        + "traceparent,x-amzn-RequestId,x-amzn-ErrorType,X-Understudy-Call"

    static func add(to fields: inout FieldBlock, for request: Request) {
        guard request.place(of: .origin) != nil else { return }
        if !fields.has("access-control-allow-origin") { fields.add("Access-Control-Allow-Origin", "*") }
        if !fields.has("access-control-expose-headers") { fields.add("Access-Control-Expose-Headers", exposed) }
    }
}
