import Bytes
import HTTPWire
import JSON
import Journal
import SSEWire
import Time

// Rules.  The rule matches calls like this one, to the same agent with the same payload's plain members, and replies what
//         this call was answered. It is a rule that `check` takes: it can stand in a scenario as it is.
// Theory. What was said is not what was meant: strings of a reply are templates, and a text that looks like one must not
//         become one. Such an answer is kept as bytes.

/// A call of the journal as a rule for a scenario.
package enum CallAsRule {
    private static let mostConditions = 12

    package static func value(of call: CallRecord) -> Value {
        var members: [Value.Member] = [.init("name", .string("as call \(call.number)"))]
        if let agent = call.text(.agent) { members.append(.init("agent", .string(agent))) }
        if let qualifier = call.text(.qualifier), qualifier != "DEFAULT" {
            members.append(.init("qualifier", .string(qualifier)))
        }
        if let operation = call.text(.operation) { members.append(.init("operation", .string(operation))) }
        let conditions = conditions(of: call)
        if !conditions.isEmpty { members.append(.init("when", ["payload": .array(conditions)])) }
        members.append(.init("reply", reply(of: call)))
        return .object(members)
    }

    // MARK: When

    private static func conditions(of call: CallRecord) -> [Value] {
        guard let payload = try? Value.parse(Array(call.content(.requestBody) ?? [])) else { return [] }
        var found: [Value] = []
        collect(payload, path: "$", depth: 3, &found)
        return Array(found.prefix(mostConditions))
    }

    /// What an SDK makes anew for each call would match no other call.
    private static let changing: Set<String> = ["id", "messageId", "requestId", "timestamp"]

    private static func collect(_ value: Value, path: String, depth: Int, _ found: inout [Value]) {
        for member in value.members ?? [] where isName(member.name) && !changing.contains(member.name) {
            let place = "\(path).\(member.name)"
            switch member.value {
            // A secret is not in the journal: what stands there for it would match no call.
            case .string(let text) where SecretName.isMasked(in: text): break
            case .string, .number, .bool: found.append(["path": .string(place), "equals": member.value])
            case .object where depth > 1: collect(member.value, path: place, depth: depth - 1, &found)
            default: break
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !ASCII.isDigit(text.utf8.first ?? 0)
            && text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    // MARK: Reply

    private static func reply(of call: CallRecord) -> Value {
        let body = Array(call.replyBody().kept)
        let type = field("content-type", of: call)
        var members: [Value.Member]
        if let events = stream(of: call, body) {
            members = [.init("stream", events)]
        } else if mayBeTemplate(body) || String(utf8: body) == nil {
            members = [.init("base64", .string(Base64.standard.encode(body)))]
        } else if type?.hasPrefix("application/json") == true, let value = try? Value.parse(body) {
            members = [.init("json", value)]
        } else {
            members = [.init("text", .string(String(lossy: body)))]
        }
        if let status = call.number(.status), status != 200, status >= 200 {
            members.append(.init("status", Value(Int(status))))
        }
        if let error = field("x-amzn-errortype", of: call) {
            members.append(.init("headers", ["x-amzn-ErrorType": .string(error)]))
        }
        if let type, !members[0].name.elementsEqual("stream"), members[0].name != "json" || type != "application/json" {
            members.append(.init("contentType", .string(type)))
        }
        return .object(members)
    }

    private static func mayBeTemplate(_ body: [UInt8]) -> Bool {
        zip(body, body.dropFirst()).contains { $0 == UInt8(ascii: "{") && $1 == UInt8(ascii: "{") }
    }

    private static func field(_ name: StaticString, of call: CallRecord) -> String? {
        let lines = Array(call.content(.replyHeaders) ?? [])
        var found: String?
        HeaderLines.forEach(in: lines.span) { field in
            if found == nil, ASCII.equals(lines.span.extracting(field.name), lowercase: name) {
                found = String(lossy: lines[field.value])
            }
        }
        return found
    }

    /// Frames that are one event each, every one at its moment after the one before; nil for any other answer.
    private static func stream(of call: CallRecord, _ body: [UInt8]) -> Value? {
        let frames = call.frameRecords
        guard !frames.isEmpty, frames.reduce(0, { $0 + $1.bytes }) == body.count, !mayBeTemplate(body) else {
            return nil
        }
        var (events, start, before): ([Value], Int, Int64?) = ([], 0, nil)
        for frame in frames {
            var parser = Parser()
            let found = parser.feed(Array(body[start..<start + frame.bytes]))
            guard found.count == 1, let event = value(of: found[0], after: before.map { frame.due - $0 }) else {
                return nil
            }
            events.append(event)
            (start, before) = (start + frame.bytes, frame.due)
        }
        return ["firstAfter": .string(Duration.nanoseconds(frames[0].due).text), "events": .array(events)]
    }

    private static func value(of event: Event, after: Int64?) -> Value? {
        var members: [Value.Member] = []
        if let data = event.data {
            if let value = try? Value.parse(data) {
                members.append(.init("data", value))
            } else if let text = String(utf8: data) {
                members.append(.init("text", .string(text)))
            } else {
                return nil
            }
        }
        if let name = event.event { members.append(.init("event", .string(name))) }
        if let id = event.id { members.append(.init("id", .string(id))) }
        if let comment = event.comment { members.append(.init("comment", .string(comment))) }
        guard !members.isEmpty else { return nil }
        if let after, after >= 0 { members.append(.init("after", .string(Duration.nanoseconds(after).text))) }
        return .object(members)
    }
}
