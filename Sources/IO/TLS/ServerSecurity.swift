import COpenSSL

// Rules.  Mozilla's "intermediate" profile: TLS 1.3 and 1.2; suites with forward secrecy and authenticated encryption only,
//         in the client's order; X25519, P-256, P-384; no renegotiation, no compression, no early data.
// Theory. Sessions are resumed by tickets, which the client keeps: nothing of a connection that is gone stays here. The
//         name that is asked for says which certificate is shown, so a session gets its own when that is known. That
//         checks whether key and certificate belong together, so the first one is the context's, which new sessions have
//         already.
//         RFC 6066 3: a server "MUST NOT accept the request to resume the session if the server_name extension contains
//         a different name". OpenSSL compares the context that a session belongs to, right after the client's first
//         message was read: so the name makes the context.

/// The server's side of TLS, shared by all its sessions.
package final class ServerSecurity {
    private let context: OpaquePointer
    private let identities: any ServerIdentities
    /// What sessions show unless they are given another.
    private var usual: CertifiedKey?

    private static let suites =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let suitesOf13 =
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

    /// Nil when OpenSSL has no memory, or was built without what the profile asks for.
    package init?(_ identities: any ServerIdentities) {
        defer { ERR_clear_error() }
        guard let context = SSL_CTX_new(TLS_server_method()) else { return nil }
        (self.context, self.identities) = (context, identities)
        SSL_CTX_set_options(context, openssl_server_options())
        _ = openssl_set_modes(context)
        openssl_read_ahead(context)
        guard openssl_set_versions(context, TLS1_2_VERSION, TLS1_3_VERSION) == 1,
            SSL_CTX_set_cipher_list(context, Self.suites) == 1, SSL_CTX_set_ciphersuites(context, Self.suitesOf13) == 1,
            openssl_set_groups(context, "X25519:P-256:P-384") == 1, SSL_CTX_set_max_early_data(context, 0) == 1
        else { return nil }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        SSL_CTX_set_client_hello_cb(context, { session, _, _ in ServerSecurity.bindResumption(of: session) }, nil)
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, out, count, offered, length, _ in
                ServerSecurity.choose(out, count, offered, length)
            }, nil)
        _ = openssl_set_server_name_callback(context) { session, alert, _ in
            ServerSecurity.chooseIdentity(for: session, alert)
        }
        SSL_CTX_set_cert_cb(context, { session, _ in ServerSecurity.showIdentity(in: session) }, nil)
    }

    deinit { SSL_CTX_free(context) }

    /// A session over an accepted socket. `address` is where the client came in, for one that asks for no name. Nil when
    /// there is no memory.
    package func channel(_ descriptor: Int32, at address: String) -> SecureChannel? {
        let host = Asked(self, address, showing: usual)
        let channel = SecureChannel(context: context, maker: host, descriptor: descriptor)
        channel?.withSession { session in
            SSL_set_accept_state(session)
            SSL_set_ex_data(session, 0, Unmanaged.passUnretained(host).toOpaque())
        }
        return channel
    }

    /// What a session has to know to choose a certificate.
    private final class Asked {
        let security: ServerSecurity
        let address: String
        let shown: CertifiedKey?
        var chosen: CertifiedKey?

        init(_ security: ServerSecurity, _ address: String, showing shown: CertifiedKey?) {
            (self.security, self.address, self.shown) = (security, address, shown)
        }
    }

    private static func asked(in session: OpaquePointer?) -> Asked? {
        guard let session, let data = SSL_get_ex_data(session, 0) else { return nil }
        return Unmanaged<Asked>.fromOpaque(data).takeUnretainedValue()
    }

    /// A session is resumed in the context that it was begun in alone, which is that of the name asked for: its
    /// extension as it stands, or none. A context has 32 bytes at most.
    private static func bindResumption(of session: OpaquePointer?) -> Int32 {
        var name: UnsafePointer<UInt8>?
        var count = 0
        if SSL_client_hello_get0_ext(session, UInt32(TLSEXT_TYPE_server_name), &name, &count) != 1 { count = 0 }
        var context = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(name, count, &context)
        let isBound = SSL_set_session_id_context(session, context, UInt32(context.count)) == 1
        return isBound ? SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR
    }

    /// RFC 6066 3: "If the server understood the ClientHello extension but does not recognize the server name, the
    /// server SHOULD take one of two actions: either abort the handshake by sending a fatal-level
    /// unrecognized_name(112) alert or continue the handshake." There is nothing to continue with.
    private static func chooseIdentity(for session: OpaquePointer?, _ alert: UnsafeMutablePointer<Int32>?) -> Int32 {
        guard let host = asked(in: session) else { return SSL_TLSEXT_ERR_OK }
        let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
        host.chosen = host.security.identities.identity(for: name, at: host.address)
        if host.chosen != nil || name == nil { return SSL_TLSEXT_ERR_OK }
        alert?.pointee = SSL_AD_UNRECOGNIZED_NAME
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    private static func showIdentity(in session: OpaquePointer?) -> Int32 {
        guard let session, let host = asked(in: session), let identity = host.chosen else { return 0 }
        if identity === host.shown { return 1 }
        host.security.makeUsual(identity)
        // There is room for one of each kind of key, and a client would be shown the one that it likes best.
        SSL_certs_clear(session)
        return identity.use(in: session, of: SSL_use_cert_and_key) ? 1 : 0
    }

    /// The first, for good: what a context holds cannot be taken from it, only joined by another.
    private func makeUsual(_ identity: CertifiedKey) {
        guard usual == nil, identity.use(in: context, of: SSL_CTX_use_cert_and_key) else { return }
        usual = identity
    }

    /// RFC 7301 3.2: "In the event that the server supports no protocols that the client advertises, then the server
    /// SHALL respond with a fatal 'no_application_protocol' alert."
    private static func choose(
        _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ count: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?, _ length: UInt32
    ) -> Int32 {
        guard let offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        let names = UnsafeBufferPointer(start: offered, count: Int(length))
        var place = 0
        while place < names.count {
            let end = place + 1 + Int(names[place])
            guard end <= names.count else { break }
            if names[(place + 1)..<end].elementsEqual("http/1.1".utf8) {
                out?.pointee = offered + place + 1
                count?.pointee = names[place]
                return SSL_TLSEXT_ERR_OK
            }
            place = end
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
