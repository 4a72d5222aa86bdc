import Bytes
import HTTPWire
import JSON

// Rules.  OpenTelemetry's OTLP/JSON: `traceId` and `spanId` "are represented as case-insensitive hex-encoded strings", 64-bit
//         integers as decimal strings. A call is a span of kind SERVER (2), joined to its caller's by `traceparent` (W3C Trace
//         Context 3.2.2: version, trace-id, parent-id, flags), else by `X-Amzn-Trace-Id`; without either it begins a trace.
// Theory. Names of attributes are the semantic conventions' where those have one, and begin with `understudy.` elsewhere.

/// A call as a span.
package enum CallSpan {
    package static func value(of call: borrowing CallRecord, _ chance: inout some RandomNumberGenerator) -> Value {
        let start = call.arrived.nanoseconds
        let parent = Parent(call)
        var members: [Value.Member] = [
            .init("traceId", .string(parent?.trace ?? hex(chance.next()) + hex(chance.next()))),
            .init("spanId", .string(hex(chance.next() | 1))),
        ]
        if let span = parent?.span { members.append(.init("parentSpanId", .string(span))) }
        let method = call.text(.method) ?? ""
        members += [
            .init("name", .string(call.text(.operation) ?? "\(method) \(call.path)")), .init("kind", 2),
            .init("startTimeUnixNano", .string(String(start))),
            .init("endTimeUnixNano", .string(String(start + (call.number(.ended) ?? 0)))),
            .init("attributes", .array(attributes(of: call))), .init("events", .array(events(of: call, start))),
            .init("status", isFailed(call) ? ["code": 2] : [:]),
        ]
        return .object(members)
    }

    /// What is posted: spans of one server.
    package static func request(_ spans: [Value], version: String) -> Value {
        [
            "resourceSpans": [
                [
                    "resource": [
                        "attributes": [
                            ["key": "service.name", "value": ["stringValue": "understudy"]],
                            ["key": "service.version", "value": ["stringValue": .string(version)]],
                        ]
                    ],
                    "scopeSpans": [
                        ["scope": ["name": "understudy", "version": .string(version)], "spans": .array(spans)]
                    ],
                ]
            ]
        ]
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What the server is to blame for, or what did not come to its end.
    private static func isFailed(_ call: borrowing CallRecord) -> Bool {
        (call.number(.status) ?? 0) >= 500 || call.outcome.map { $0 != .completed && $0 != .refused } == true
    }

    private static func attributes(of call: borrowing CallRecord) -> [Value] {
        var attributes: [Value] = []
        for (name, field) in texts {
            if let text = call.text(field) {
                attributes.append(["key": .string(name), "value": ["stringValue": .string(text)]])
            }
        }
        attributes.append(["key": "url.path", "value": ["stringValue": .string(call.path)]])
        for (name, field) in numbers {
            if let number = call.number(field) {
                attributes.append(["key": .string(name), "value": ["intValue": .string(String(number))]])
            }
        }
        let faults = call.content(.faults).flatMap { try? Value.parse($0.span) }?.array ?? []
        if !faults.isEmpty {
            let names = faults.compactMap { $0["name"]?.text }.map { Value.object([.init("stringValue", .string($0))]) }
            attributes.append(["key": "understudy.faults", "value": ["arrayValue": ["values": .array(names)]]])
        }
        return attributes
    }

    private static let texts: [(String, CallField)] = [
        ("http.request.method", .method), ("session.id", .session), ("enduser.id", .principal),
        ("understudy.agent", .agent), ("understudy.qualifier", .qualifier), ("understudy.space", .space),
        ("understudy.rule", .rule), ("understudy.outcome", .outcome), ("error.message", .why),
    ]
    private static let numbers: [(String, CallField)] = [
        ("http.response.status_code", .status), ("understudy.call", .number),
        ("http.request.body.size", .requestBodyBytes), ("http.response.body.size", .replyBodyBytes),
    ]

    /// Each frame, and each message of a conversation, when it left or came.
    private static func events(of call: borrowing CallRecord, _ start: Int64) -> [Value] {
        let frames = call.frameRecords.prefix(most).map { event("frame", at: start + $0.sent, bytes: $0.bytes) }
        guard call.has(.messages) else { return Array(frames) }
        let messages = (try? Value.parse(call.messageLog.json(.nanoseconds)))?.array ?? []
        return messages.prefix(most).map { message in
            event(
                message["direction"]?.text == "in" ? "message.received" : "message.sent",
                at: start + Int64(message["at"]?.integer ?? 0), bytes: message["bytes"]?.integer ?? 0)
        }
    }

    /// More than anybody looks at.
    private static let most = 1_000

    private static func event(_ name: String, at moment: Int64, bytes: Int) -> Value {
        [
            "name": .string(name), "timeUnixNano": .string(String(moment)),
            "attributes": [["key": "bytes", "value": ["intValue": .string(String(bytes))]]],
        ]
    }

    /// Which trace a call is a part of, and which span made it.
    private struct Parent {
        let trace: String
        let span: String?

        init?(_ call: borrowing CallRecord) {
            let lines = call.content(.requestHeaders).map { Array($0) } ?? []
            let fields = HeaderLines.fields(of: lines.span)
            func text(_ name: String) -> String? {
                fields.value(of: Array(name.utf8), in: lines).map { String(lossy: $0) }
            }
            if let parts = text("traceparent")?.split(separator: "-", omittingEmptySubsequences: false),
                parts.count >= 4,
                Self.isID(parts[1], 32), Self.isID(parts[2], 16)
            {
                (trace, span) = (parts[1].lowercased(), parts[2].lowercased())
                return
            }
            guard let amazon = text("x-amzn-trace-id") else { return nil }
            let root = CallerTrace.read(amazon).split(separator: "-").dropFirst().joined()
            guard Self.isID(root[...], 32) else { return nil }
            let parent = amazon.split(separator: ";").map { $0.drop { $0 == " " } }.first {
                $0.lowercased().hasPrefix("parent=")
            }
            trace = root.lowercased()
            span = parent.map { $0.dropFirst(7) }.flatMap { Self.isID($0, 16) ? $0.lowercased() : nil }
        }

        /// "All bytes as zero is considered an invalid value."
        private static func isID(_ text: Substring, _ count: Int) -> Bool {
            text.utf8.count == count && text.utf8.contains { $0 != UInt8(ascii: "0") }
                && text.utf8.allSatisfy { ASCII.isDigit($0) || ($0 | 0x20) &- 0x61 < 6 }
        }
    }
}
