import COpenSSL
import Glibc

/// Whoever knows which certificate is shown to whom.
package protocol ServerIdentities: AnyObject {
    /// `serverName` is what the client asked for, `address` where it came in. Nil when there is none for it.
    func identity(for serverName: String?, at address: String) -> CertifiedKey?
}

/// Certificates of the local authority, made for each name when somebody first asks for it.
package final class LocalIdentities: ServerIdentities {
    private let authority: LocalAuthority
    /// One key for all of them: making it takes longer than signing a certificate.
    private let key: OpaquePointer
    private var made: [String: (identity: CertifiedKey, renewal: Int)] = [:]
    /// Real time, in seconds since 1970.
    private let now: () -> Int
    /// A client may ask for any name, so there is an end to what is kept.
    private static let most = 1_000
    private static let day = 86_400

    /// Nil when OpenSSL makes no key.
    package init?(_ authority: LocalAuthority, now: @escaping () -> Int = { time(nil) }) {
        guard let key = CertificateMaker.newKey() else { return nil }
        (self.authority, self.key, self.now) = (authority, key, now)
    }

    deinit { EVP_PKEY_free(key) }

    package func identity(for serverName: String?, at address: String) -> CertifiedKey? {
        let name = serverName.map(Self.normalized) ?? address
        let now = now()
        if let known = made[name], now < known.renewal { return known.identity }
        guard let identity = make(name, isAddress: serverName == nil || Self.isAddress(name), now: now) else {
            return nil
        }
        if made.count >= Self.most { made.removeAll(keepingCapacity: true) }
        made[name] = (identity, now + 30 * Self.day)
        return identity
    }

    var count: Int { made.count }

    private func make(_ name: String, isAddress: Bool, now: Int) -> CertifiedKey? {
        guard isAddress || Self.isHostName(name) else { return nil }
        // Whoever asks for no name was given an address, perhaps one that is mapped to this one.
        let names =
            isAddress
            ? Self.distinct(["IP:\(name)", "IP:127.0.0.1", "IP:::1", "DNS:localhost"]).joined(separator: ",")
            : "DNS:\(name)"
        let request = CertificateMaker.Request(
            commonName: name.utf8.count <= 64 ? name : "a server", alternativeNames: names, isAuthority: false,
            notBefore: now - 2 * Self.day, notAfter: now + 200 * Self.day)
        guard let certificate = CertificateMaker.make(request, of: key, issuer: authority.pair) else { return nil }
        EVP_PKEY_up_ref(key)
        return CertifiedKey(key: key, certificate: certificate)
    }

    private static func distinct(_ names: [String]) -> [String] {
        names.indices.filter { names.firstIndex(of: names[$0]) == $0 }.map { names[$0] }
    }

    private static func normalized(_ name: String) -> String {
        let lowered = name.lowercased()
        return lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
    }

    /// RFC 6066 3 forbids them there, and some clients send them all the same.
    private static func isAddress(_ name: String) -> Bool {
        var bytes = in6_addr()
        return inet_pton(AF_INET, name, &bytes) == 1 || inet_pton(AF_INET6, name, &bytes) == 1
    }

    /// RFC 1123 2.1, and the underscore that names of tests have. Nothing else may stand in what OpenSSL is given to read.
    static func isHostName(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    switch $0 {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"),
                        UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }
}

/// One's own certificate, read again when its files change.
package final class OwnIdentity: ServerIdentities {
    private let certificateFile: String
    private let keyFile: String
    private var identity: CertifiedKey
    private var stamps: [Stamp]
    /// Told when files that changed are no good: the certificate before them stays.
    private let warn: (String) -> Void

    private struct Stamp: Equatable {
        var seconds = 0
        var nanoseconds = 0
        var size = 0
        var inode: UInt64 = 0

        init(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return }
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
            (size, inode) = (Int(status.st_size), UInt64(status.st_ino))
        }
    }

    package init(
        certificate certificateFile: String, key keyFile: String, warn: @escaping (String) -> Void
    ) throws(CertifiedKey.Refusal) {
        (self.certificateFile, self.keyFile, self.warn) = (certificateFile, keyFile, warn)
        stamps = [Stamp(certificateFile), Stamp(keyFile)]
        identity = try Self.read(certificateFile, keyFile)
    }

    package func identity(for serverName: String?, at address: String) -> CertifiedKey? {
        let stamps = [Stamp(certificateFile), Stamp(keyFile)]
        guard stamps != self.stamps else { return identity }
        self.stamps = stamps
        do throws(CertifiedKey.Refusal) { identity = try Self.read(certificateFile, keyFile) } catch {
            warn("the TLS certificate stays as it was: \(error.text)")
        }
        return identity
    }

    private static func read(_ certificateFile: String, _ keyFile: String) throws(CertifiedKey.Refusal) -> CertifiedKey
    {
        let certificates = try bytes(certificateFile, "--tls-cert")
        let key = try bytes(keyFile, "--tls-key")
        do throws(CertifiedKey.Refusal) { return try CertifiedKey(certificates: certificates, key: key) } catch {
            throw CertifiedKey.Refusal(
                text: "--tls-cert \(certificateFile) and --tls-key \(keyFile): \(error.text)")
        }
    }

    private static func bytes(_ file: String, _ option: String) throws(CertifiedKey.Refusal) -> [UInt8] {
        guard let bytes = PrivateFile.read(file) else {
            throw CertifiedKey.Refusal(text: "\(option) \(file) cannot be read: \(String(cString: strerror(errno)))")
        }
        return bytes
    }
}
