import EventLoop
import TLS

/// The server's TLS: that of its port, and that of tunnels, which is made when somebody first opens one.
final class Securities {
    /// Why there is none.
    struct Refusal: Error, Equatable {
        let text: String
    }

    private(set) var port: Result<ServerSecurity, Refusal> = .failure(Refusal(text: "there is no port for TLS"))
    private var made: ServerSecurity?
    private let settings: ServingSettings
    private var warnedAt: [String: Int64] = [:]
    private let loop: Loop

    init(_ settings: ServingSettings, loop: Loop) { (self.settings, self.loop) = (settings, loop) }

    /// The port is about to be opened: what is wrong with a certificate is told now.
    func openPort() throws(StartError) {
        guard let own = settings.ownCertificate else {
            port = tunnel()
            if case .failure(let refusal) = port { throw .security(refusal.text) }
            return
        }
        let identities: OwnIdentity
        do throws(CertifiedKey.Refusal) {
            identities = try OwnIdentity(certificate: own.certificate, key: own.key, warn: settings.warn)
        } catch {
            throw .security(error.text)
        }
        guard let security = ServerSecurity(identities) else { throw .security(Self.noOpenSSL.text) }
        port = .success(security)
    }

    /// By the local authority, since a tunnel leads to names of AWS.
    func tunnel() -> Result<ServerSecurity, Refusal> {
        if let made { return .success(made) }
        guard let folder = settings.authorityFolder else {
            return .failure(
                Refusal(
                    text: "there is no place for the local certificate authority: neither XDG_DATA_HOME nor HOME is set"
                ))
        }
        do throws(LocalAuthority.Refusal) {
            let authority = try LocalAuthority(folder: folder, now: Int(loop.wall(at: loop.now) / 1_000_000_000))
            guard let identities = LocalIdentities(authority), let security = ServerSecurity(identities) else {
                return .failure(Self.noOpenSSL)
            }
            made = security
            return .success(security)
        } catch {
            return .failure(Refusal(text: error.text))
        }
    }

    private static let noOpenSSL = Refusal(text: "OpenSSL does not offer what TLS needs here")

    /// A handshake came to nothing. Whoever set a client up has to know why; a scanner's hundredth does not matter.
    func note(_ failure: SecureFailure, askedFor name: String) {
        guard let text = Self.text(failure, askedFor: name) else { return }
        let now = loop.now
        if let last = warnedAt[text], now &- last < 60_000_000_000 { return }
        if warnedAt.count >= 100 { warnedAt = [:] }
        warnedAt[text] = now
        settings.warn(text)
    }

    private static func text(_ failure: SecureFailure, askedFor name: String) -> String? {
        let place = name.isEmpty ? "" : " for \(name)"
        switch failure {
        case .refused(let alert):
            let hint =
                ["unknown CA", "certificate unknown", "bad certificate"].contains(alert)
                ? ". It does not trust the local certificate authority: `understudy ca` tells how it is made to" : ""
            return "a client broke off the TLS handshake\(place): \(alert)\(hint)"
        case .failed(let why): return "a TLS handshake\(place) failed: \(why)"
        case .notTLS: return "what came at the port for TLS is no TLS"
        case .cutOff, .broken, .unknownAuthority, .expired, .notYetValid, .wrongName, .untrusted: return nil
        }
    }
}
