import Bytes
import JSON

/// The bodies of calls to the issuer, and of its answers: forms and JSON that hold passwords and tokens by name.
extension Redaction {
    /// A body that is neither JSON nor a form may hold a secret anywhere, so nothing of it stays.
    package static func redact(issuerBody body: [UInt8]) -> [UInt8] {
        guard let first = body.first(where: { $0 > 0x20 }) else { return body }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            do throws(SyntaxError) {
                return redact(try Value.parse(body)).compact
            } catch {
                return maskBytes
            }
        }
        return redact(form: body)
    }

    /// Every member with a secret's name, at any depth and of whatever kind.
    private static func redact(_ value: Value) -> Value {
        switch value {
        case .array(let elements): .array(elements.map(redact))
        case .object(let members):
            .object(
                members.map { member in
                    Value.Member(
                        member.name,
                        SecretName.matches(member.name) ? .string("\(mask)") : redact(member.value))
                })
        default: value
        }
    }

    private static func redact(form body: [UInt8]) -> [UInt8] {
        let isForm = body.split(separator: UInt8(ascii: "&")).allSatisfy { $0.contains(UInt8(ascii: "=")) }
        guard isForm, !body.contains(where: { $0 <= 0x20 || $0 > 0x7E }) else { return maskBytes }
        var places = SecretPlaces()
        places.query(0..<body.count, in: body.span)
        var redacted = body
        replace(places.found, in: &redacted)
        return redacted
    }
}
