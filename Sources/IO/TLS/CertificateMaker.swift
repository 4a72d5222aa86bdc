import COpenSSL

// Rules.  RFC 5280, and what clients ask beyond it: a version 3 certificate; a serial number of chance (CA/Browser Forum:
//         "at least 64 bits of output from a CSPRNG"); names in subjectAltName, where alone they are looked for; key
//         identifiers, without which Python's strict verification refuses; no more than 398 days, after which browsers do.
// Theory. The key is on P-256 and signs with SHA-256: the smallest that every client takes, and twenty times faster to
//         sign with than RSA.

/// Makes keys and certificates.
enum CertificateMaker {
    struct Request {
        /// The common name of its subject, 64 characters at most.
        var commonName: String
        /// As OpenSSL writes them: `DNS:…,IP:…`; nil for an authority.
        var alternativeNames: String?
        var isAuthority: Bool
        /// In seconds since 1970.
        var notBefore: Int
        var notAfter: Int
    }

    static func newKey() -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &key) == 1
        else { return nil }
        return key
    }

    /// A certificate of `key`, signed by `issuer`, or by itself when there is none.
    static func make(_ request: Request, of key: OpaquePointer, issuer: CertifiedKey?) -> OpaquePointer? {
        defer { ERR_clear_error() }
        guard let certificate = X509_new() else { return nil }
        guard fill(certificate, request, key, issuer), extend(certificate, request, issuer),
            X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0
        else {
            X509_free(certificate)
            return nil
        }
        return certificate
    }

    private static func fill(
        _ certificate: OpaquePointer, _ request: Request, _ key: OpaquePointer, _ issuer: CertifiedKey?
    ) -> Bool {
        guard X509_set_version(certificate, 2) == 1, setSerialNumber(of: certificate),
            ASN1_TIME_set(X509_getm_notBefore(certificate), request.notBefore) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate), request.notAfter) != nil,
            X509_set_pubkey(certificate, key) == 1, let name = X509_get_subject_name(certificate)
        else { return false }
        return add("O", "Understudy", to: name) && add("CN", request.commonName, to: name)
            && X509_set_issuer_name(certificate, issuer.map { X509_get_subject_name($0.certificate) } ?? name) == 1
    }

    private static func add(_ field: String, _ value: String, to name: OpaquePointer) -> Bool {
        X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, value, -1, -1, 0) == 1
    }

    private static func setSerialNumber(of certificate: OpaquePointer) -> Bool {
        guard let number = BN_new() else { return false }
        defer { BN_free(number) }
        // 127 bits: positive, and no leading zero to be dropped.
        return BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }

    private static func extend(_ certificate: OpaquePointer, _ request: Request, _ issuer: CertifiedKey?) -> Bool {
        var extensions: [(Int32, String)] = [
            (NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE"),
            (NID_key_usage, request.isAuthority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature"),
            (NID_subject_key_identifier, "hash"),
        ]
        if !request.isAuthority { extensions.append((NID_ext_key_usage, "serverAuth")) }
        if issuer != nil { extensions.append((NID_authority_key_identifier, "keyid:always")) }
        if let names = request.alternativeNames { extensions.append((NID_subject_alt_name, names)) }
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.certificate ?? certificate, certificate, nil, nil, 0)
        for (kind, value) in extensions {
            guard let made = X509V3_EXT_conf_nid(nil, &context, kind, value) else { return false }
            defer { X509_EXTENSION_free(made) }
            guard X509_add_ext(certificate, made, -1) == 1 else { return false }
        }
        return true
    }
}
