import Bytes
import Delivery
import HTTPWire
import JSON
import Time

/// A call as the control API and `understudy journal --json` show it.
extension Call {
    package var json: Value { json(now: nil) }

    /// `now` lets the body of a stream that still runs grow; without it such a body is empty.
    package func json(now: Instant?) -> Value {
        let call = parts(now: now)
        guard let why = ending?.outcome.why, let members = call.members else { return call }
        return .object(members + [.init("why", .string(why))])
    }

    private func parts(now: Instant?) -> Value {
        [
            "number": Value(number),
            "space": .string(space),
            "agent": Value(agent),
            "operation": Value(operation),
            "qualifier": Value(qualifier),
            "session": Value(session),
            "user": Value(user),
            "principal": Value(principal),
            "auth": auth?.json ?? .null,
            "arrived": .string(arrived.rfc3339),
            "request": requestJSON,
            "invocation": invocation,
            "rule": Value(rule),
            "faults": .array(faults.map(Value.string)),
            "status": reply.map { Value($0.status) } ?? .null,
            "reply": replyJSON(now: now),
            "firstByte": Self.milliseconds(ending?.firstByte),
            "ended": Self.milliseconds(ending?.ended),
            "bytes": ending.map { Value($0.bytes) } ?? .null,
            "frames": .array(frameRecords.map(\.json)),
            "outcome": Value(ending?.outcome.word),
            "inFlight": Value(inFlight),
        ]
    }

    private var requestJSON: Value {
        let fields = request.fields.map { field in
            (name: String(lossy: request.head[field.name]), value: String(lossy: request.head[field.value]))
        }
        return [
            "method": .string(request.methodText),
            "path": .string(request.targetText),
            "headers": Self.headers(fields),
            "body": Self.body(request.body),
            "bodyBytes": Value(requestBodyBytes),
        ]
    }

    private func replyJSON(now: Instant?) -> Value {
        guard let reply else { return .null }
        let body = replyBody(now: now.map { $0.nanoseconds - arrived.nanoseconds })
        return [
            "headers": Self.headers(reply.fields.list),
            "body": Self.body(body.kept),
            "bodyBytes": Value(body.bytes),
        ]
    }

    /// What the SDKs tell of their retries: `amz-sdk-invocation-id`, and `amz-sdk-request: attempt=1; max=3`.
    private var invocation: Value {
        let id = request.text(of: "amz-sdk-invocation-id")
        let parameters = request.text(of: "amz-sdk-request")
        guard id != nil || parameters != nil else { return .null }
        func number(_ name: String) -> Value {
            for part in (parameters ?? "").split(separator: ";") {
                let words = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
                if words.count == 2, words[0] == name, let number = ASCII.decimal(Array(words[1].utf8)) {
                    return Value(number)
                }
            }
            return .null
        }
        return ["id": Value(id), "attempt": number("attempt"), "max": number("max")]
    }

    /// One member a name, in the order and the spelling of its first field. RFC 9110 5.3: fields of one name combine
    /// "by appending each subsequent field line value to the initial field line value in order, separated by a comma".
    private static func headers(_ fields: [(name: String, value: String)]) -> Value {
        var members: [Value.Member] = []
        var places: [[UInt8]: Int] = [:]
        for field in fields {
            let name = field.name.utf8.map(ASCII.lowercased)
            if let place = places[name], case .string(let value) = members[place].value {
                members[place].value = .string(value + ", " + field.value)
            } else {
                places[name] = members.count
                members.append(Value.Member(field.name, .string(field.value)))
            }
        }
        return .object(members)
    }

    /// Text as text, so that a body reads as it was sent; anything else in base64.
    private static func body(_ bytes: [UInt8]) -> Value {
        if let text = String(utf8: bytes) { return .string(text) }
        return ["base64": .string(Base64.standard.encode(bytes))]
    }

    /// Nanoseconds as a decimal number of milliseconds: 12345000 is 12.345.
    static func milliseconds(_ nanoseconds: Int64?) -> Value {
        guard let nanoseconds else { return .null }
        let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var text = (nanoseconds < 0 ? "-" : "") + String(whole)
        if rest > 0 {
            var digits = Array(String(rest + 1_000_000).dropFirst())
            while digits.last == "0" { digits.removeLast() }
            text += "." + String(digits)
        }
        return .number(text)
    }
}

extension Call.Auth {
    fileprivate var json: Value {
        var members: [Value.Member] = [
            .init("scheme", .string(scheme)), .init("verdict", .string(verdict.rawValue)), .init("why", Value(why)),
        ]
        if let canonicalRequest { members.append(.init("canonicalRequest", .string(canonicalRequest))) }
        if let stringToSign { members.append(.init("stringToSign", .string(stringToSign))) }
        return .object(members)
    }
}

extension FrameRecord {
    fileprivate var json: Value {
        ["due": Call.milliseconds(due), "sent": Call.milliseconds(sent), "bytes": Value(bytes)]
    }
}
