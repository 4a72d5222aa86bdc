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
        payload: SignedPayload,
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

/// "kDate = HMAC("AWS4" + kSecret, Date), kRegion = HMAC(kDate, Region), kService = HMAC(kRegion, Service),
/// kSigning = HMAC(kService, "aws4_request")".
package enum SigningKey {
    package static func derive(
        secret: String, date: ArraySlice<UInt8>, region: ArraySlice<UInt8>, service: ArraySlice<UInt8>
    ) -> [UInt8] {
        let ofDate = HMAC.sha256(key: Array("AWS4\(secret)".utf8), message: Array(date))
        let ofRegion = HMAC.sha256(key: ofDate, message: Array(region))
        let ofService = HMAC.sha256(key: ofRegion, message: Array(service))
        return HMAC.sha256(key: ofService, message: Array("aws4_request".utf8))
    }
}

/// Signing keys by the credential they belong to, `keyid/date/region/service/term`: four HMACs saved with every call.
/// A key is good for one day, so the oldest make room.
struct SigningKeyCache {
    /// A class, because one reference is handed around with every call instead of five.
    final class Entry {
        let credential: [UInt8]
        let accessKeyId: String
        let region: String
        let secret: String
        let key: HMAC

        init(credential: [UInt8], accessKeyId: String, region: String, secret: String, key: HMAC) {
            self.credential = credential
            self.accessKeyId = accessKeyId
            self.region = region
            self.secret = secret
            self.key = key
        }
    }

    static let capacity = 64
    private(set) var entries: [Entry] = []
    private var next = 0

    /// The entry of these very bytes, whatever its secret.
    func entry(for credential: Range<Int>, of bytes: [UInt8]) -> Entry? {
        for entry in entries {
            let known = entry.credential
            if ByteSearch.equal(known.span, bytes.span.extracting(credential)) { return entry }
        }
        return nil
    }

    mutating func insert(_ entry: Entry) {
        if let place = entries.firstIndex(where: { $0.credential == entry.credential }) {
            entries[place] = entry
        } else if entries.count < Self.capacity {
            entries.append(entry)
        } else {
            entries[next] = entry
            next = (next + 1) % Self.capacity
        }
    }
}
