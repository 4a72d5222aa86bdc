import COpenSSL

/// SHA-1, FIPS 180-4. Broken where anybody may choose what is hashed; WebSocket's opening (RFC 6455 10.8) asks for it where
/// nothing depends on that, and nothing else does.
package enum SHA1 {
    /// Fetched once: finding the algorithm takes OpenSSL longer than applying it.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA1", nil)

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { digest, count in
            guard EVP_Digest(bytes, bytes.count, digest.baseAddress, nil, algorithm, nil) == 1 else {
                preconditionFailure("this OpenSSL has no SHA-1")
            }
            count = 20
        }
    }
}
