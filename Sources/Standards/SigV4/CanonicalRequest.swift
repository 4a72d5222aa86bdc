import Bytes
import Crypto

/// "CanonicalRequest = HTTPRequestMethod + '\n' + CanonicalURI + '\n' + CanonicalQueryString + '\n' +
/// CanonicalHeaders + '\n' + SignedHeaders + '\n' + HexEncode(Hash(RequestPayload))".
package struct CanonicalRequest {
    /// How the parts that clients spell differently are read.
    package struct Reading: Sendable {
        package var query = CanonicalQuery.Reading.plusIsSpace
        package var hostWithoutPort = false

        package init() {}
    }

    package var reading: Reading
    /// For eyes, not for hashing: secrets are left out.
    package var isRedacting: Bool

    package init(reading: Reading = Reading(), isRedacting: Bool = false) {
        self.reading = reading
        self.isRedacting = isRedacting
    }

    /// Replaces `text`. Returns false when a signed header is missing.
    package func write(
        _ message: borrowing Message, _ authorization: borrowing Authorization, payload: SignedPayload,
        into text: inout [UInt8]
    ) -> Bool {
        var paths = CanonicalPath.Memory()
        return write(message, authorization, payload: payload, &paths, into: &text)
    }

    func write(
        _ message: borrowing Message, _ authorization: borrowing Authorization, payload: SignedPayload,
        _ paths: inout CanonicalPath.Memory, into text: inout [UInt8]
    ) -> Bool {
        text.removeAll(keepingCapacity: true)
        text.append(message.method, of: message.head)
        text.append(UInt8(ascii: "\n"))
        paths.append(message.path, of: message.head, to: &text)
        text.append(UInt8(ascii: "\n"))
        if let query = message.query, !query.isEmpty {
            CanonicalQuery.append(
                query, of: message.head, reading: reading.query, omitting: authorization.signatureParameter,
                redacting: isRedacting, to: &text)
        }
        text.append(UInt8(ascii: "\n"))
        let isComplete = CanonicalHeaders.append(
            authorization.signedHeaders, of: authorization.source, from: message,
            hostWithoutPort: reading.hostWithoutPort, redacting: isRedacting, to: &text)
        text.append(UInt8(ascii: "\n"))
        text.append(authorization.signedHeaders, of: authorization.source)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: payload.line)
        return isComplete
    }
}

/// The last line of the canonical request, and whether the body agrees with it.
package struct SignedPayload {
    /// As it stands in the canonical request.
    package let line: [UInt8]
    /// What the request said, when the body says something else.
    package let contradiction: String?

    /// "If the payload is unsigned, use the literal UNSIGNED-PAYLOAD". A client that says nothing signed the digest of
    /// the body. The literals that begin with `STREAMING-` announce a body of signed chunks, an encoding that S3 alone
    /// defines: elsewhere the body is what was sent, and no such literal is its digest.
    package init(
        _ message: borrowing Message, _ authorization: borrowing Authorization,
        using context: DigestContext = DigestContext(.sha256)
    ) {
        guard let place = authorization.payloadHash else {
            line = Self.hexDigest(of: message, using: context)
            contradiction = nil
            return
        }
        let claim = Array(authorization.source[place])
        line = claim
        contradiction = claim == Self.unsigned ? nil : Self.contradiction(of: claim, message, using: context)
    }

    private static func contradiction(
        of claim: [UInt8], _ message: borrowing Message, using context: DigestContext
    ) -> String? {
        let digest = digest(of: message, using: context)
        if Hex.decode(claim) == digest { return nil }
        let isStreaming = claim.starts(with: streaming)
        return "x-amz-content-sha256 is \(String(lossy: claim)), the body's SHA-256 is \(Hex.encode(digest))"
            + (isStreaming ? "; signed chunks are for S3: send the body as it is and sign its SHA-256" : "")
    }

    /// What is asked for with nearly every call, so without the digest as bytes.
    private static func hexDigest(of message: borrowing Message, using context: DigestContext) -> [UInt8] {
        if message.bodyDigest != nil || message.body.isEmpty {
            var text: [UInt8] = []
            Hex.append(digest(of: message, using: context), to: &text)
            return text
        }
        context.restart()
        context.update(message.body)
        return context.finishInHex()
    }

    private static func digest(of message: borrowing Message, using context: DigestContext) -> [UInt8] {
        if let known = message.bodyDigest { return known }
        if message.body.isEmpty { return SHA256.ofNothing }
        context.restart()
        context.update(message.body)
        return context.finish()
    }

    private static let unsigned = Array("UNSIGNED-PAYLOAD".utf8)
    private static let streaming = Array("STREAMING-".utf8)
}
