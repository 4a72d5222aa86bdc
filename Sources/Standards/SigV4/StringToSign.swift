import Bytes

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
