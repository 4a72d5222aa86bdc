import Bytes
import Crypto
import Time

/// Signs requests as botocore does: the other end of the verifier, out of the same stages.
package struct Signer: Sendable {
    package typealias Field = (name: String, value: String)

    private let accessKeyId: String
    private let credential: SigningCredential
    private let region: String
    private let service: String

    package init(accessKeyId: String, credential: SigningCredential, region: String, service: String) {
        self.accessKeyId = accessKeyId
        self.credential = credential
        self.region = region
        self.service = service
    }

    /// The fields that make this request a signed one. `Host` has to be among `fields`; an `X-Amz-Content-Sha256` among
    /// them is believed.
    package func sign(
        method: String, target: String, fields: [Field], body: [UInt8] = [], bodyDigest: [UInt8]? = nil,
        at moment: Instant, isPayloadSigned: Bool = true
    ) -> [Field] {
        var added: [Field] = [("X-Amz-Date", moment.basic)]
        if let token = credential.sessionToken { added.append(("X-Amz-Security-Token", token)) }
        if !isPayloadSigned { added.append(("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")) }
        var message = Message(method: method, target: target, fields: fields + added, body: body)
        message.bodyDigest = bodyDigest
        let names = Self.namesToSign(fields + added)
        var authorization = authorization(.header, names: names, at: moment)
        if let hash = message.value(of: "x-amz-content-sha256") {
            authorization.payloadHash = authorization.add(String(lossy: message.head[hash]))
        }
        let signature = signature(of: message, authorization)
        let value =
            "\(StringToSign.algorithm) Credential=\(credentialText(at: moment)), SignedHeaders=\(names), "
            + "Signature=\(signature)"
        return added + [("Authorization", value)]
    }

    /// The target of a request that carries its signature in the query. Every field given is signed.
    package func presign(
        method: String, target: String, fields: [Field], at moment: Instant, lifetimeSeconds: Int
    ) -> String {
        let names = Self.namesToSign(fields)
        var parameters: [Field] = [
            ("X-Amz-Algorithm", "\(StringToSign.algorithm)"), ("X-Amz-Credential", credentialText(at: moment)),
            ("X-Amz-Date", moment.basic), ("X-Amz-Expires", "\(lifetimeSeconds)"), ("X-Amz-SignedHeaders", names),
        ]
        if let token = credential.sessionToken { parameters.append(("X-Amz-Security-Token", token)) }
        let query = parameters.map { "\($0.name)=\(PercentEncoding.encode($0.value.utf8))" }.joined(separator: "&")
        let unsigned = target + (target.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + query
        let message = Message(method: method, target: unsigned, fields: fields)
        return unsigned + "&X-Amz-Signature=\(signature(of: message, authorization(.query, names: names, at: moment)))"
    }

    /// Not signed: what proxies and transports change (botocore's list).
    private static let unsignedNames: Set<String> = [
        "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "te", "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    private static func namesToSign(_ fields: [Field]) -> String {
        Set(fields.map { $0.name.lowercased() }).subtracting(unsignedNames).sorted().joined(separator: ";")
    }

    private func credentialText(at moment: Instant) -> String {
        "\(accessKeyId)/\(moment.basic.prefix(8))/\(region)/\(service)/aws4_request"
    }

    private func authorization(_ form: Authorization.Form, names: String, at moment: Instant) -> Authorization {
        var authorization = Authorization(
            form: form, source: [], credential: 0..<0, signedHeaders: 0..<0, signature: 0..<0, timestamp: 0..<0)
        authorization.credential = authorization.add(credentialText(at: moment))
        authorization.signedHeaders = authorization.add(names)
        authorization.timestamp = authorization.add(moment.basic)
        return authorization
    }

    private func signature(of message: borrowing Message, _ authorization: borrowing Authorization) -> String {
        let key = SigningKey.derive(
            secret: credential.secret, date: authorization.source[authorization.timestamp].prefix(8),
            region: Array(region.utf8)[...], service: Array(service.utf8)[...])
        var calculator = SignatureCalculator()
        _ = calculator.calculate(
            CanonicalRequest(), of: message, authorization, payload: SignedPayload(message, authorization),
            with: HMAC(.sha256, key: key))
        return String(lossy: calculator.signature)
    }
}

extension Authorization {
    /// Appends a text to `source` and returns its place.
    fileprivate mutating func add(_ text: String) -> Range<Int> {
        let start = source.count
        source.append(text)
        return start..<source.count
    }
}
