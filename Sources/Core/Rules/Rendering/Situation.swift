import Bytes
import JSON
import SplitMix
import Time

/// What a call offers to the holes of a template.
package struct Situation {
    let question: Question
    var payload: Payload
    var chance: Chance
    let now: Instant

    /// The value of a hole; nil where the call has none.
    mutating func value(of source: Template.Source, _ header: HeaderLookup) -> Value? {
        switch source {
        case .payload(let path): payload.value(at: path)
        case .header(let name): header(name).map { .string(String(lossy: $0)) }
        case .session: question.session.map(Value.string)
        case .user: question.user.map(Value.string)
        case .agent: .string(question.target.agent)
        case .qualifier: .string(question.target.qualifier)
        case .call: Value(question.call)
        case .state: .string(question.state)
        case .uuid: .string(UUIDText.version4(chance.next(), chance.next()))
        case .now: .string(now.rfc3339)
        }
    }

    /// The template as text. A value that is missing leaves nothing; one that is no string stands as JSON.
    mutating func append(_ template: Template, to text: inout [UInt8], _ header: HeaderLookup) {
        for piece in template.pieces {
            switch piece {
            case .text(let plain): text.append(plain)
            case .hole(let source):
                guard let value = value(of: source, header) else { continue }
                if case .string(let plain) = value { text.append(plain) } else { value.append(to: &text, .spaced) }
            }
        }
    }

    /// The same as a JSON string.
    mutating func append(_ template: Template, toJSON bytes: inout [UInt8], _ header: HeaderLookup) {
        bytes.append(UInt8(ascii: "\""))
        for piece in template.pieces {
            switch piece {
            case .text(let plain): StringLiteral.append(partOf: plain, to: &bytes)
            case .hole(let source):
                guard let value = value(of: source, header) else { continue }
                StringLiteral.append(partOf: value.text ?? value.json(.spaced), to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func text(_ template: Template, _ header: HeaderLookup) -> String {
        if let constant = template.constant { return constant }
        var text: [UInt8] = []
        append(template, to: &text, header)
        return String(lossy: text)
    }
}
