import Bytes

/// "StringToSign = Algorithm + '\n' + RequestDateTime + '\n' + CredentialScope + '\n' + HashedCanonicalRequest".
package enum StringToSign {
    package static let algorithm: StaticString = "AWS4-HMAC-SHA256"

    /// Replaces `text`. `scope` is `date/region/service/aws4_request`.
    package static func write(
        timestamp: ArraySlice<UInt8>, scope: ArraySlice<UInt8>, digest: [UInt8], into text: inout [UInt8]
    ) {
        text.removeAll(keepingCapacity: true)
        text.append(algorithm)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: timestamp)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: scope)
        text.append(UInt8(ascii: "\n"))
        Hex.append(digest, to: &text)
    }
}
