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
        _ message: Message, _ authorization: Authorization, using context: DigestContext = DigestContext(.sha256)
    ) {
        guard let place = authorization.payloadHash else {
            line = Self.hex(Self.digest(of: message, using: context))
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

    private static func digest(of message: Message, using context: DigestContext) -> [UInt8] {
        if let known = message.bodyDigest { return known }
        if message.body.isEmpty { return SHA256.ofNothing }
        context.restart()
        context.update(message.body)
        return context.finish()
    }

    private static func hex(_ digest: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(digest.count * 2)
        Hex.append(digest, to: &text)
        return text
    }

    private static let unsigned = Array("UNSIGNED-PAYLOAD".utf8)
    private static let streaming = Array("STREAMING-".utf8)
}
