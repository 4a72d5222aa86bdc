import Bytes
import HTTPWire
import Runtime

/// Which discovery URLs the server answers for itself. It need not fetch its own documents, and an agent configured for
/// a real Cognito pool works offline: the server stands in for that pool too.
package enum IssuerPools {
    package static let defaultPool = "us-east-1_Understudy"
    package static let discoverySuffix = "/.well-known/openid-configuration"

    /// The issuer whose discovery document is at `url`, when it is one of ours.
    package static func issuer(ofDiscoveryURL url: String) -> String? {
        guard url.hasSuffix(discoverySuffix) else { return nil }
        let issuer = String(url.dropLast(discoverySuffix.count))
        return owns(issuer: issuer) ? issuer : nil
    }

    /// `…://any-host/us-east-1_Understudy`, the same below the path of a space, or any pool of
    /// `https://cognito-idp.{region}.amazonaws.com[.cn]`.
    package static func owns(issuer: String) -> Bool {
        guard let (host, path) = split(issuer) else { return false }
        if let (name, rest) = SpaceName.inPath(path) {
            return SpaceName.isValid(name) && path[rest].dropFirst().elementsEqual(defaultPool.utf8)
        }
        let pool = path.dropFirst()
        return pool.elementsEqual(defaultPool.utf8) || isPool(pool) && isCognitoHost(host)
    }

    /// The same for a call in `space`: an issuer below the path of a space is nobody in another.
    static func owns(issuer: String, in space: String) -> Bool {
        guard owns(issuer: issuer), let path = split(issuer)?.path else { return false }
        return SpaceName.inPath(path).map { $0.name.elementsEqual(space.utf8) } ?? true
    }

    /// The space that the issuer's name names, by path or host.
    static func space(ofIssuer issuer: String) -> String? {
        guard let (host, path) = split(issuer) else { return nil }
        return (SpaceName.inPath(path)?.name ?? SpaceName.inHost(host)).map { String(lossy: $0) }
    }

    package static func issuer(base: String, pool: String = defaultPool) -> String { "\(base)/\(pool)" }

    /// The pool that an issuer's last path segment names.
    package static func pool(ofIssuer issuer: String) -> String {
        issuer.split(separator: "/").last.map(String.init) ?? defaultPool
    }

    /// Cognito's `[\w-]+_[0-9a-zA-Z]+`, at most 55 characters.
    package static func isPool(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        guard name.count <= 55, let underscore = name.lastIndex(of: UInt8(ascii: "_")) else { return false }
        let (region, rest) = (name[..<underscore], name[name.index(after: underscore)...])
        return !region.isEmpty && !rest.isEmpty && rest.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) }
            && region.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    /// Whether `issuer` is this server's own name for the pool of `expected`, as a caller that reached the server at
    /// `base` may have met it: a library says one address, and the server may listen on another. In a space it may also
    /// have been met in any of the ways in which a space is named.
    static func isThisServer(_ issuer: String, expected: String, base: String, space: String) -> Bool {
        guard owns(issuer: expected), let here = HTTPURI(base), expected.hasPrefix(here.scheme.prefix) else {
            return false
        }
        let pool = pool(ofIssuer: expected)
        let port = here.writtenPort.map { ":" + $0 } ?? ""
        let names = [here.authority] + ["127.0.0.1", "localhost", "[::1]", "\(space).localhost"].map { $0 + port }
        return names.contains { name in
            ["", "\(SpaceName.prefix)\(space)"].contains { path in
                issuer.utf8.elementsEqual("\(here.scheme.prefix)\(name)\(path)/\(pool)".utf8)
            }
        }
    }

    /// Host and path, which begins with a slash.
    private static func split(_ issuer: String) -> (host: ArraySlice<UInt8>, path: ArraySlice<UInt8>)? {
        let bytes = Array(issuer.utf8)
        guard let scheme = Scheme.allCases.first(where: { bytes.starts(with: $0.prefix.utf8) }) else { return nil }
        let start = scheme.prefix.utf8.count
        guard let slash = bytes[start...].firstIndex(of: UInt8(ascii: "/")), slash > start else { return nil }
        return (bytes[start..<slash], bytes[slash...])
    }

    private static func isCognitoHost(_ host: ArraySlice<UInt8>) -> Bool {
        let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(String.init(lossy:))
        return (labels.count == 4 || labels.count == 5 && labels[4] == "cn") && labels[0] == "cognito-idp"
            && !labels[1].isEmpty && labels[2] == "amazonaws" && labels[3] == "com"
    }
}
