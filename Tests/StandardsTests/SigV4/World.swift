import Bytes
import Foundation
import SigV4
import Support
import Testing
import Time

/// The caller, the clock and the agent of the worked examples.
enum World {
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    static let now = moment("20260115T120000Z")
    static let service = "bedrock-agentcore"
    static let scope = "20260115/us-west-2/bedrock-agentcore/aws4_request"
    static let host = "bedrock-agentcore.us-west-2.amazonaws.com"

    static func moment(_ text: String) -> Instant {
        Instant(basic: Array(text.utf8)) ?? Instant(seconds: 0)
    }

    static func signer(token: String? = nil, secret: String = secret) -> Signer {
        Signer(
            accessKeyId: "AKIDEXAMPLE", credential: SigningCredential(secret: secret, sessionToken: token),
            region: "us-west-2", service: "bedrock-agentcore")
    }

    /// A request that verifies, signed over everything it holds.
    static func signed(
        method: String = "POST", target: String = "/runtimes/a/invocations?qualifier=DEFAULT",
        fields: [Signer.Field] = [("Host", host), ("Content-Type", "application/json")],
        body: String = #"{"prompt":"Hello"}"#, token: String? = nil, isPayloadSigned: Bool = true
    ) -> Message {
        let added = signer(token: token).sign(
            method: method, target: target, fields: fields, body: Array(body.utf8), at: now,
            isPayloadSigned: isPayloadSigned)
        return Message(method: method, target: target, fields: fields + added, body: Array(body.utf8))
    }

    static func verify(
        _ message: Message, token: String? = nil, expires: Instant? = nil, now: Instant = now,
        expiryNow: Instant = now, for service: String = service
    ) -> Verifier.Outcome {
        var verifier = Verifier()
        return verifier.verify(message, for: service, now: now, expiryNow: expiryNow) {
            $0 == "AKIDEXAMPLE" ? SigningCredential(secret: secret, sessionToken: token, expires: expires) : nil
        }
    }

    static func refusal(
        _ message: Message, token: String? = nil, expires: Instant? = nil, now: Instant = now
    ) -> SignatureRefusal? {
        guard case .refused(let refusal) = verify(message, token: token, expires: expires, now: now) else { return nil }
        return refusal
    }

    static let verified = Verifier.Outcome.verified(accessKeyId: "AKIDEXAMPLE", region: "us-west-2")

    static let fixtures = Vectors.repository.appending(path: "fixtures/sigv4")

    static func fixture(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: fixtures.appending(path: path)))
    }
}

extension Message {
    /// A request with one header field, for what nobody would sign.
    init(authorization: String, date: String? = "20260115T120000Z", target: String = "/") {
        var fields: [Signer.Field] = [("Host", World.host), ("Authorization", authorization)]
        if let date { fields.append(("X-Amz-Date", date)) }
        self.init(method: "GET", target: target, fields: fields)
    }

    func replacing(_ name: String, with value: String?) -> Message {
        var copy = Message(
            method: String(lossy: head[method]), target: String(lossy: head[path.lowerBound..<targetEnd]), fields: [],
            body: body)
        for field in list {
            if field.name.lowercased() != name.lowercased() {
                copy.add(field.name, field.value)
            } else if let value {
                copy.add(field.name, value)
            }
        }
        return copy
    }

    var targetEnd: Int { query?.upperBound ?? path.upperBound }

    var list: [Signer.Field] {
        fields.map { (String(lossy: head[$0.name]), String(lossy: head[$0.value])) }
    }
}
