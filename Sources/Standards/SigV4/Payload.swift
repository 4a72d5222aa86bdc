import Bytes
import Crypto

/// The last line of the canonical request, and whether the body agrees with it.
package struct Payload {
    /// As it stands in the canonical request.
    package let line: [UInt8]
    /// What the request said, when the body says something else.
    package let contradiction: String?

    /// "If the payload is unsigned, use the literal UNSIGNED-PAYLOAD"; a streaming signature has its literal too. A
    /// client that says nothing signed the digest of the body.
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
        if claim.starts(with: Self.streaming) || claim == Self.unsigned {
            contradiction = nil
        } else {
            let digest = Self.digest(of: message, using: context)
            contradiction =
                Hex.decode(claim) == digest
                ? nil : "x-amz-content-sha256 is \(String(lossy: claim)), the body's SHA-256 is \(Hex.encode(digest))"
        }
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
