import Bytes
import Delivery
import HTTPWire
import JSON
import Time

/// A call as the control API and `understudy journal --json` show it: written straight from its record, without a value
/// in between.
extension CallRecord {
    /// How much of a call is told: everything, or what fits in a line of a list.
    package enum Extent: Sendable {
        case whole
        case summary
    }

    /// `now` lets the body of a stream that still runs grow; without it such a body is empty.
    package func appendJSON(to bytes: inout [UInt8], now: Instant? = nil, _ extent: Extent = .whole) {
        bytes.append(UInt8(ascii: "{"))
        let reply = extent == .whole ? replyBody(now: now) : ([], 0)
        var isFirst = true
        for member in extent == .whole ? ToldMember.all : ToldMember.summary {
            guard member.fields.count > 1 || tells(member.fields[0].field) else { continue }
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(member, reply, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func append(_ member: ToldMember, _ reply: (kept: ArraySlice<UInt8>, bytes: Int), to bytes: inout [UInt8]) {
        bytes.append(member.opening)
        guard member.isObject else { return append(member.fields[0].field, reply, to: &bytes) }
        // Whose fields all are missing is missing itself.
        guard member.fields.contains(where: { has($0.field) }) else { return bytes.append("null") }
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for (field, opening) in member.fields where tells(field) {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(opening)
            append(field, reply, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Nearly every field is told, as null when there is nothing to tell.
    private func tells(_ field: CallField) -> Bool {
        switch field {
        case .canonicalRequest, .stringToSign: has(field)
        case .why: has(field) || outcome?.why != nil
        case .grant, .client, .unmatched, .segments: has(field)
        default: true
        }
    }

    private func append(
        _ field: CallField, _ reply: (kept: ArraySlice<UInt8>, bytes: Int), to bytes: inout [UInt8]
    ) {
        switch field {
        case .invocation: return invocationJSON.append(to: &bytes)
        case .endedClock: return Value(endedClock?.rfc3339).append(to: &bytes)
        case .why: return Value(outcome?.why ?? text(.why)).append(to: &bytes)
        case .unmatched: return Value.bool(number(.unmatched) == 1).append(to: &bytes)
        case .replyBody: return Self.append(body: reply.kept, to: &bytes)
        case .replyBodyBytes: return bytes.append(decimal: reply.bytes)
        case .frames: return Value.array(frameRecords.map(\.json)).append(to: &bytes)
        case .messages where has(field): return bytes.append(contentsOf: messageLog.json(.milliseconds))
        default: break
        }
        let kind = field.definition.kind
        guard let entry = entry(field) else { return bytes.append(kind == .objects ? "[]" : "null" as StaticString) }
        let (number, content) = (entry.number, self.bytes[entry.content])
        switch kind {
        case .integer: bytes.append(decimal: Int(number))
        case .moment: bytes.append("\"\(Instant(nanoseconds: number).rfc3339)\"")
        case .elapsed: bytes.append(Self.milliseconds(number))
        case .outcome: Value(outcome?.word).append(to: &bytes)
        case .headers: Self.append(headers: content.span, to: &bytes)
        case .body: Self.append(body: content, to: &bytes)
        case .objects, .documents: bytes.append(contentsOf: content)
        case .text, .passage, .verdict, .frames, .messages, .material, .derived:
            StringLiteral.append(lossy: content.span, to: &bytes)
        }
    }

    private var invocationJSON: Value {
        guard let invocation else { return .null }
        func number(_ number: Int?) -> Value { number.map { Value($0) } ?? .null }
        return ["id": Value(invocation.id), "attempt": number(invocation.attempt), "max": number(invocation.max)]
    }

    /// One member a name, in the order and the spelling of its first field. RFC 9110 5.3: fields of one name combine
    /// "by appending each subsequent field line value to the initial field line value in order, separated by a comma".
    private static func append(headers: Span<UInt8>, to bytes: inout [UInt8]) {
        let fields = HeaderLines.fields(of: headers)
        func isSame(_ left: Int, _ right: Int) -> Bool {
            fields[left].name.count == fields[right].name.count
                && ASCII.equalsIgnoringCase(
                    headers.extracting(fields[left].name), headers.extracting(fields[right].name))
        }
        bytes.append(UInt8(ascii: "{"))
        for index in fields.indices where !(0..<index).contains(where: { isSame($0, index) }) {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            StringLiteral.append(lossy: headers.extracting(fields[index].name), to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            var value = headers.extracting(fields[index].value).withUnsafeBufferPointer { Array($0) }
            for next in (index + 1)..<Swift.max(index + 1, fields.count) where isSame(index, next) {
                value.append(", ")
                headers.extracting(fields[next].value).withUnsafeBufferPointer { value.append(contentsOf: $0) }
            }
            StringLiteral.append(lossy: value.span, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Text as text, so that a body reads as it was sent; anything else in base64.
    private static func append(body: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        if isText(body.span) { return StringLiteral.append(lossy: body.span, to: &bytes) }
        bytes.append("{\"base64\":\"")
        bytes.append(Base64.standard.encode(Array(body)))
        bytes.append("\"}")
    }

    private static func isText(_ bytes: Span<UInt8>) -> Bool {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }

    /// Nanoseconds as a decimal number of milliseconds: 12345000 is 12.345.
    static func milliseconds(_ nanoseconds: Int64) -> String {
        let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var text = (nanoseconds < 0 ? "-" : "") + String(whole)
        if rest > 0 {
            var digits = Array(String(rest + 1_000_000).dropFirst())
            while digits.last == "0" { digits.removeLast() }
            text += "." + String(digits)
        }
        return text
    }
}

/// A member of a call's JSON: a field, or an object of several.
private struct ToldMember {
    /// `"name":`
    var opening: String
    var isObject: Bool
    var fields: [(field: CallField, opening: String)] = []

    static let all = members(of: CallField.allCases)
    /// Without what may be long.
    static let summary = members(of: CallField.allCases.filter { !$0.definition.kind.isLong && $0 != .replyBodyBytes })

    private static func members(of fields: [CallField]) -> [ToldMember] {
        var members: [ToldMember] = []
        for field in fields {
            guard let path = field.definition.member?.split(separator: "."), let first = path.first else { continue }
            let opening = "\"\(first)\":"
            if members.last?.opening != opening {
                members.append(ToldMember(opening: opening, isObject: path.count > 1))
            }
            members[members.count - 1].fields.append((field, "\"\(path.last ?? "")\":"))
        }
        return members
    }
}

extension FrameRecord {
    fileprivate var json: Value {
        [
            "due": .number(CallRecord.milliseconds(due)), "sent": .number(CallRecord.milliseconds(sent)),
            "bytes": Value(bytes),
        ]
    }
}
