import COpenSSL
import CShims
import Glibc

// Rules.  One authority for each user of a machine, made on first use. Its key lies in a file that its owner alone may
//         read, is never shown, and nothing but certificates of servers is signed with it.
// Theory. Two servers may start at once. The authority, key and certificate in one file, is put in place by link(2), which
//         fails when somebody was faster: who loses reads what the other made. The certificate alone stands beside it for
//         clients, written anew whenever it is not the same.

/// The authority that clients on this machine are told to trust.
package final class LocalAuthority {
    let pair: CertifiedKey
    /// Where its certificate lies, for clients.
    package let path: String

    package struct Refusal: Error, Equatable {
        package let text: String
    }

    /// The one in `folder`, made if there is none. `now` is real time, in seconds since 1970.
    package init(folder: String, now: Int) throws(Refusal) {
        path = folder + "/ca.pem"
        let file = folder + "/authority.pem"
        if let pair = try Self.read(file, now: now) {
            self.pair = pair
        } else {
            guard PrivateFile.makeFolder(folder) else { throw Self.cannot("make the folder", folder) }
            let made = try Self.make(now: now)
            guard let draft = PrivateFile.draft(made.keyPEM + made.certificatePEM, beside: file) else {
                throw Self.cannot("write", file)
            }
            defer { unlink(draft) }
            if link(draft, file) == 0 {
                pair = made
            } else {
                guard errno == EEXIST, let pair = try Self.read(file, now: now) else {
                    throw Self.cannot("write", file)
                }
                self.pair = pair
            }
        }
        let certificate = pair.certificatePEM
        if PrivateFile.read(path) == certificate { return }
        guard let draft = PrivateFile.draft(certificate, beside: path), rename(draft, path) == 0 else {
            throw Self.cannot("write", path)
        }
    }

    package var certificatePEM: [UInt8] { pair.certificatePEM }

    /// Nil when there is none, or it has run out.
    private static func read(_ file: String, now: Int) throws(Refusal) -> CertifiedKey? {
        guard let bytes = PrivateFile.read(file) else {
            if errno == ENOENT { return nil }
            throw cannot("read", file)
        }
        guard PrivateFile.isClosedToOthers(file) else {
            throw Refusal(
                text: "others than its owner may read or write \(file), whose key clients are told to trust, and that "
                    + "cannot be changed (\(String(cString: strerror(errno)))): give it the mode 0600")
        }
        let pair: CertifiedKey
        do throws(CertifiedKey.Refusal) { pair = try CertifiedKey(certificates: bytes, key: bytes) } catch {
            throw Refusal(
                text: "\(file) is no certificate authority any more (\(error.text)): remove it, and a new one is made, "
                    + "which clients have to be told to trust again")
        }
        if pair.isValid(at: now + 30 * day) { return pair }
        unlink(file)
        return nil
    }

    private static func make(now: Int) throws(Refusal) -> CertifiedKey {
        let request = CertificateMaker.Request(
            // Several of them may be trusted by one client, and are told apart by name.
            commonName: "Understudy local authority \(String(shim_random() & 0xFFFF_FFFF, radix: 16))",
            isAuthority: true, notBefore: now - day, notAfter: now + 3_650 * day)
        guard let key = CertificateMaker.newKey(),
            let certificate = CertificateMaker.make(request, of: key, issuer: nil)
        else { throw Refusal(text: "OpenSSL cannot make a certificate authority") }
        return CertifiedKey(key: key, certificate: certificate)
    }

    private static let day = 86_400

    private static func cannot(_ verb: String, _ file: String) -> Refusal {
        Refusal(
            text:
                "cannot \(verb) \(file): \(String(cString: strerror(errno))). The local certificate authority is kept "
                + "there; XDG_DATA_HOME names another place")
    }
}

/// Files that their owner alone may read.
enum PrivateFile {
    /// Nil, and the reason in `errno`, when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1_048_576)
        var count = 0
        while count < bytes.count {
            let more = bytes[count...].withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if more < 0 && errno == EINTR { continue }
            guard more >= 0 else { return nil }
            if more == 0 { break }
            count += more
        }
        return Array(bytes[..<count])
    }

    /// Made so, where it was not: a copy that was put back, or made elsewhere, may have come with any mode. False, and
    /// the reason in `errno`, when it cannot be.
    static func isClosedToOthers(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return status.st_mode & 0o077 == 0 || chmod(path, 0o600) == 0
    }

    /// A whole file under a name of chance beside `path`, to be put in its place; nil when it cannot be written.
    static func draft(_ bytes: [UInt8], beside path: String) -> String? {
        let name = "\(path).\(getpid()).\(String(shim_random(), radix: 36))"
        let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        guard close(file) == 0, rest.isEmpty else {
            unlink(name)
            return nil
        }
        return name
    }

    /// The folder, and those above it.
    static func makeFolder(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex,
            makeFolder(String(path[..<slash]))
        else { return false }
        return mkdir(path, 0o700) == 0 || errno == EEXIST
    }
}
