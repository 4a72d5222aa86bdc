import COpenSSL
import Glibc

// Theory. Whom a client trusts is read once and shared by all its sessions. OpenSSL looks where it was built to look, or
//         where SSL_CERT_FILE and SSL_CERT_DIR say; a program that carries its OpenSSL along may have come to a system
//         that keeps them elsewhere.

/// The client's side of TLS: the system's authorities and those of a file.
package final class ClientSecurity {
    private let context: OpaquePointer

    /// Why a file of authorities is of no use.
    package struct Refusal: Error, Equatable {
        package let text: String
    }

    /// `authorities` is a PEM file of those that are trusted besides.
    package init(authorities file: String? = nil) throws(Refusal) {
        defer { ERR_clear_error() }
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Refusal(text: "OpenSSL does not start") }
        self.context = context
        SSL_CTX_set_options(context, openssl_client_options())
        _ = openssl_set_modes(context)
        _ = openssl_set_versions(context, TLS1_2_VERSION, TLS1_3_VERSION)
        openssl_read_ahead(context)
        SSL_CTX_set_alpn_protos(context, [8] + Array("http/1.1".utf8), 9)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_default_verify_paths(context)
        if let bundle = Self.strayBundle { SSL_CTX_load_verify_file(context, bundle) }
        guard let file, SSL_CTX_load_verify_file(context, file) != 1 else { return }
        throw Refusal(
            text: "\(file) holds no certificate that could be read: it has to be a PEM file of the authorities to trust"
        )
    }

    deinit { SSL_CTX_free(context) }

    /// Where systems keep their authorities, when OpenSSL's own place is not there.
    private static var strayBundle: String? {
        let isAtHome =
            access(X509_get_default_cert_dir(), R_OK) == 0 || access(X509_get_default_cert_file(), R_OK) == 0
            || getenv(X509_get_default_cert_file_env()) != nil || getenv(X509_get_default_cert_dir_env()) != nil
        if isAtHome { return nil }
        let places = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
        ]
        return places.first { access($0, R_OK) == 0 }
    }

    /// A session with `host` over a socket that connects to it. Nil when there is no memory.
    package func channel(_ descriptor: Int32, to host: String) -> SecureChannel? {
        let channel = SecureChannel(context: context, maker: self, descriptor: descriptor, host: host)
        channel?.withSession { session in
            SSL_set_connect_state(session)
            // RFC 6066 3: "Literal IPv4 and IPv6 addresses are not permitted in HostName".
            if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return }
            _ = openssl_set_server_name(session, host)
            SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            SSL_set1_host(session, host)
        }
        return channel
    }
}
