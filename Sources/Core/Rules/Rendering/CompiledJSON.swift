import Bytes
import JSON

/// A JSON reply as the bytes it leaves as, with holes between them: rendering is copying. Spaced as Python's
/// `json.dumps` and so the AgentCore SDK's container writes.
struct CompiledJSON: ReadyBody {
    private enum Segment: Sendable {
        case bytes([UInt8])
        /// A whole-string template: its value, whatever its type, and null where there is none.
        case value(Template.Source)
        /// A string that holds more than one hole.
        case string(Template)
    }

    private var segments: [Segment] = []
    /// The bytes that stand in it already.
    private var plainCount = 0

    init(_ value: Value) throws(RuleMistake) {
        var plain: [UInt8] = []
        plain.reserveCapacity(64)
        try append(value, &plain)
        flush(&plain)
    }

    /// The bytes of JSON without holes.
    var constant: [UInt8]? {
        guard segments.count == 1, case .bytes(let bytes) = segments[0] else { return nil }
        return bytes
    }

    var constantBody: RenderedReply.Body? { constant.map { .bytes($0) } }

    func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plainCount + 64 * segments.count)
        append(to: &bytes, &situation, header)
        return .bytes(bytes)
    }

    func append(to bytes: inout [UInt8], _ situation: inout Situation, _ header: HeaderLookup) {
        for segment in segments {
            switch segment {
            case .bytes(let plain): bytes.append(contentsOf: plain)
            case .value(let source): (situation.value(of: source, header) ?? .null).append(to: &bytes, .spaced)
            case .string(let template): situation.append(template, toJSON: &bytes, header)
            }
        }
    }

    private mutating func flush(_ plain: inout [UInt8]) {
        if !plain.isEmpty { segments.append(.bytes(plain)) }
        plainCount += plain.count
        plain = []
    }

    private mutating func append(_ value: Value, _ plain: inout [UInt8]) throws(RuleMistake) {
        switch value {
        case .null, .bool, .number: value.append(to: &plain)
        case .string(let text): try append(Template(text), &plain)
        case .array(let elements):
            plain.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { plain.append(", " as StaticString) }
                try append(element, &plain)
            }
            plain.append(UInt8(ascii: "]"))
        case .object(let members):
            plain.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { plain.append(", " as StaticString) }
                StringLiteral.append(member.name, to: &plain)
                plain.append(": " as StaticString)
                try append(member.value, &plain)
            }
            plain.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(_ template: Template, _ plain: inout [UInt8]) {
        if let text = template.constant { return StringLiteral.append(text, to: &plain) }
        flush(&plain)
        segments.append(template.onlyHole.map(Segment.value) ?? .string(template))
    }
}
