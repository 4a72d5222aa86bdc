import COpenSSL
import CShims

/// Why a connection is not secure, or no longer.
package enum SecureFailure: Error, Equatable, Sendable {
    /// Nobody who is trusted signed the certificate of this host.
    case unknownAuthority(host: String)
    case expired(host: String)
    case notYetValid(host: String)
    /// The certificate is for other names.
    case wrongName(host: String)
    /// Anything else that is wrong with the certificate, in OpenSSL's words.
    case untrusted(host: String, why: String)
    /// The other side broke off, for this reason.
    case refused(alert: String)
    /// What came is no TLS.
    case notTLS
    /// The connection ended before both sides had said all.
    case cutOff
    /// The socket broke, by its error number.
    case broken(Int32)
    /// Something else, in OpenSSL's words.
    case failed(String)

    package var text: String {
        switch self {
        case .unknownAuthority(let host):
            "the certificate of \(host) was signed by nobody who is trusted here"
        case .expired(let host): "the certificate of \(host) has expired"
        case .notYetValid(let host): "the certificate of \(host) is not valid yet: look at the clock of this machine"
        case .wrongName(let host): "the certificate that came is not for \(host)"
        case .untrusted(let host, let why): "the certificate of \(host) is no good: \(why)"
        case .refused(let alert): "the other side broke off the TLS handshake or session: \(alert)"
        case .notTLS: "the other side does not speak TLS"
        case .cutOff: "the other side ended the connection in the middle of the TLS handshake or session"
        case .broken(let error): String(cString: shim_error_text(error))
        case .failed(let why): "TLS failed: \(why)"
        }
    }

    /// What this thread's queue of errors says, and what verifying came to.
    init(session: OpaquePointer, host: String, end: SocketEnd) {
        let error = ERR_peek_error()
        defer { ERR_clear_error() }
        let verdict = Int32(truncatingIfNeeded: SSL_get_verify_result(session))
        let isOfTLS = openssl_is_of_tls(error) != 0
        let reason = isOfTLS ? openssl_reason(error) : 0
        if reason == SSL_R_CERTIFICATE_VERIFY_FAILED, verdict != X509_V_OK {
            self = Self.untrusted(verdict, host: host)
        } else if reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST
            || reason == SSL_R_HTTPS_PROXY_REQUEST
        {
            self = .notTLS
        } else if reason > SSL_AD_REASON_OFFSET {
            self = .refused(alert: Self.text(reason - SSL_AD_REASON_OFFSET))
        } else if reason == SSL_R_CALLBACK_FAILED {
            self = .failed("that is no name for which a certificate can be made")
        } else if end.error != 0 {
            self = .broken(end.error)
        } else if error == 0 || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING {
            self = .cutOff
        } else {
            self = .failed(ERR_reason_error_string(error).map { String(cString: $0) } ?? "error \(error)")
        }
    }

    private static func untrusted(_ verdict: Int32, host: String) -> SecureFailure {
        switch verdict {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            .unknownAuthority(host: host)
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired(host: host)
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid(host: host)
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongName(host: host)
        default: .untrusted(host: host, why: String(cString: X509_verify_cert_error_string(Int(verdict))))
        }
    }

    /// RFC 8446 6: AlertDescription, in OpenSSL's words.
    private static func text(_ alert: Int32) -> String {
        let text = String(cString: SSL_alert_desc_string_long(alert))
        return text == "unknown" ? "alert \(alert)" : text
    }
}
