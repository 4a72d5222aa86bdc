import COpenSSL

/// An RSA key that signs. It has no description of its own, so that none can give it away.
package final class PrivateKey: @unchecked Sendable {
    private let handle: OpaquePointer

    /// From PKCS #8 or PKCS #1, as DER or PEM; nil unless it is an RSA key of at least 2,048 bits.
    package init?(_ encoded: [UInt8]) {
        defer { ERR_clear_error() }
        guard let key = Self.isPEM(encoded) ? Self.fromPEM(encoded) : Self.fromDER(encoded) else { return nil }
        guard EVP_PKEY_is_a(key, "RSA") == 1, EVP_PKEY_get_bits(key) >= 2_048 else {
            EVP_PKEY_free(key)
            return nil
        }
        handle = key
    }

    deinit { EVP_PKEY_free(handle) }

    /// RSASSA-PKCS1-v1_5 with SHA-256, the `RS256` of RFC 7518; nil when OpenSSL cannot.
    package func signRS256(_ message: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var length = Int(EVP_PKEY_get_size(handle))
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, handle, nil) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { return nil }
        signature.removeLast(signature.count - length)
        return signature
    }

    /// The public half: modulus and exponent, big-endian without leading zeros.
    package var publicComponents: (modulus: [UInt8], exponent: [UInt8]) {
        (component(OSSL_PKEY_PARAM_RSA_N), component(OSSL_PKEY_PARAM_RSA_E))
    }

    private func component(_ name: String) -> [UInt8] {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(handle, name, &number) == 1 else { return [] }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }

    private static func isPEM(_ encoded: [UInt8]) -> Bool { encoded.starts(with: "-----".utf8) }

    private static func fromDER(_ encoded: [UInt8]) -> OpaquePointer? {
        encoded.withUnsafeBufferPointer { bytes in
            var place = bytes.baseAddress
            guard let key = d2i_AutoPrivateKey(nil, &place, bytes.count) else { return nil }
            return key
        }
    }

    private static func fromPEM(_ encoded: [UInt8]) -> OpaquePointer? {
        guard let length = Int32(exactly: encoded.count) else { return nil }
        return encoded.withUnsafeBytes { bytes in
            guard let source = BIO_new_mem_buf(bytes.baseAddress, length) else { return nil }
            defer { BIO_free(source) }
            // A callback that gives no password: without one OpenSSL would ask the terminal for it.
            return PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
        }
    }
}
