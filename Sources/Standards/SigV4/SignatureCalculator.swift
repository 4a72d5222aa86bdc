import Bytes
import Crypto

/// The stages in a row: canonical request, its digest, string to sign, signature. The buffers are reused, so that a
/// signature costs no allocation.
package struct SignatureCalculator {
    /// The string to sign of the last calculation.
    package private(set) var text: [UInt8] = []
    /// The last signature, in hexadecimal digits.
    package private(set) var signature: [UInt8] = []
    private var code: [UInt8] = []
    private var paths = CanonicalPath.Memory()
    let context = DigestContext(.sha256)

    package init() {}

    /// Returns false when a signed header is missing from the message.
    package mutating func calculate(
        _ canonical: CanonicalRequest, of message: borrowing Message, _ authorization: borrowing Authorization,
        payload: Payload,
        with key: HMAC
    ) -> Bool {
        let isComplete = canonical.write(message, authorization, payload: payload, &paths, into: &text)
        context.update(text)
        context.finish(into: &code)
        StringToSign.write(
            timestamp: authorization.source[authorization.timestamp],
            scope: authorization.source[authorization.scope], digest: code, into: &text)
        key.write(codeFor: text, into: &code, using: context)
        signature.removeAll(keepingCapacity: true)
        Hex.append(code, to: &signature)
        return isComplete
    }
}

/// "StringToSign = Algorithm + '\n' + RequestDateTime + '\n' + CredentialScope + '\n' + HashedCanonicalRequest".
package enum StringToSign {
    package static let algorithm: StaticString = "AWS4-HMAC-SHA256"

    /// Replaces `text`. `scope` is `date/region/service/aws4_request`.
    package static func write(
        timestamp: ArraySlice<UInt8>, scope: ArraySlice<UInt8>, digest: [UInt8], into text: inout [UInt8]
    ) {
        text.removeAll(keepingCapacity: true)
        let size = algorithm.utf8CodeUnitCount + timestamp.count + scope.count + 2 * digest.count + 3
        text.append(addingCapacity: size) { lines in
            lines.append(algorithm)
            lines.append(UInt8(ascii: "\n"))
            lines.append(timestamp.span)
            lines.append(UInt8(ascii: "\n"))
            lines.append(scope.span)
            lines.append(UInt8(ascii: "\n"))
            Hex.append(digest.span, to: &lines)
        }
    }
}
