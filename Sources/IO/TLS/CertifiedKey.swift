import COpenSSL

/// A private key and the certificates that vouch for its public half, its own first. It has no description of its own, so
/// that none can give the key away.
package final class CertifiedKey {
    let key: OpaquePointer
    let certificate: OpaquePointer
    /// Those above it, without the one that everybody has to have.
    let chain: [OpaquePointer]

    /// Takes ownership of all three.
    init(key: OpaquePointer, certificate: OpaquePointer, chain: [OpaquePointer] = []) {
        (self.key, self.certificate, self.chain) = (key, certificate, chain)
    }

    deinit {
        EVP_PKEY_free(key)
        X509_free(certificate)
        for certificate in chain { X509_free(certificate) }
    }

    /// Why PEM text is no certified key; it names what is missing.
    package struct Refusal: Error, Equatable {
        package let text: String

        package init(text: String) { self.text = text }
    }

    /// Out of PEM: certificates with the key's own first, and the key.
    package init(certificates: [UInt8], key: [UInt8]) throws(Refusal) {
        defer { ERR_clear_error() }
        var found = PEM.certificates(certificates)
        guard let privateKey = PEM.privateKey(key) else {
            for certificate in found { X509_free(certificate) }
            throw Refusal(text: "there is no private key in PEM, or it is encrypted")
        }
        guard !found.isEmpty else {
            EVP_PKEY_free(privateKey)
            throw Refusal(text: "there is no certificate in PEM")
        }
        certificate = found.removeFirst()
        (self.key, chain) = (privateKey, found)
        guard X509_check_private_key(certificate, self.key) == 1 else {
            throw Refusal(text: "the key is not that of the first certificate")
        }
    }

    /// Gives it to a session that is about to answer, or to a context, by OpenSSL's way for either.
    func use(
        in taker: OpaquePointer,
        of give: (OpaquePointer?, OpaquePointer?, OpaquePointer?, OpaquePointer?, Int32) -> Int32
    ) -> Bool {
        let chain = OPENSSL_sk_new_null()
        defer { OPENSSL_sk_free(chain) }
        for certificate in self.chain { OPENSSL_sk_push(chain, UnsafeRawPointer(certificate)) }
        return give(taker, certificate, key, self.chain.isEmpty ? nil : chain, 1) == 1
    }

    var certificatePEM: [UInt8] { PEM.write { PEM_write_bio_X509($0, certificate) } }
    var keyPEM: [UInt8] { PEM.write { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) } }

    /// Whether it is still valid at this moment of real time, in seconds since 1970.
    func isValid(at seconds: Int) -> Bool {
        var moment = time_t(seconds)
        return X509_cmp_time(X509_get0_notAfter(certificate), &moment) > 0
    }
}

/// The text form of keys and certificates: RFC 7468. Each reader has a callback that gives no password: without one OpenSSL
/// would ask the terminal for it.
enum PEM {
    static func certificates(_ bytes: [UInt8]) -> [OpaquePointer] {
        reading(bytes) { source in
            var found: [OpaquePointer] = []
            while let certificate = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
                found.append(certificate)
            }
            return found
        } ?? []
    }

    static func privateKey(_ bytes: [UInt8]) -> OpaquePointer? {
        reading(bytes) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) } ?? nil
    }

    private static func reading<Result>(_ bytes: [UInt8], _ read: (OpaquePointer) -> Result) -> Result? {
        guard let count = Int32(exactly: bytes.count) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            guard let source = BIO_new_mem_buf(bytes.baseAddress, count) else { return nil }
            defer { BIO_free(source) }
            return read(source)
        }
    }

    static func write(_ write: (OpaquePointer) -> Int32) -> [UInt8] {
        guard let sink = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free(sink) }
        var bytes: UnsafeMutablePointer<CChar>?
        guard write(sink) == 1, case let count = openssl_memory(sink, &bytes), let bytes else { return [] }
        return UnsafeRawBufferPointer(start: bytes, count: count).map { $0 }
    }
}
