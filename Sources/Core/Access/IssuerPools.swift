import Bytes
import HTTPWire

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

    /// `…://any-host/us-east-1_Understudy`, or any pool of `https://cognito-idp.{region}.amazonaws.com[.cn]`.
    package static func owns(issuer: String) -> Bool {
        let bytes = Array(issuer.utf8)
        guard let start = afterScheme(bytes),
            let slash = bytes[start...].firstIndex(of: UInt8(ascii: "/")), slash > start
        else { return false }
        let pool = bytes[(slash + 1)...]
        return pool.elementsEqual(defaultPool.utf8) || isPool(pool) && isCognitoHost(bytes[start..<slash])
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
    /// `base` may have met it: a library says one address, and the server may listen on another.
    static func isThisServer(_ issuer: String, expected: String, base: String) -> Bool {
        guard owns(issuer: expected), let here = HTTPURI(base), expected.hasPrefix(here.scheme.prefix) else {
            return false
        }
        let pool = pool(ofIssuer: expected)
        let port = here.writtenPort.map { ":" + $0 } ?? ""
        let names = [here.authority] + ["127.0.0.1", "localhost", "[::1]"].map { $0 + port }
        return names.contains { issuer.utf8.elementsEqual("\(here.scheme.prefix)\($0)/\(pool)".utf8) }
    }

    private static func afterScheme(_ bytes: [UInt8]) -> Int? {
        Scheme.allCases.first { bytes.starts(with: $0.prefix.utf8) }?.prefix.utf8.count
    }

    private static func isCognitoHost(_ host: ArraySlice<UInt8>) -> Bool {
        let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(String.init(lossy:))
        return (labels.count == 4 || labels.count == 5 && labels[4] == "cn") && labels[0] == "cognito-idp"
            && !labels[1].isEmpty && labels[2] == "amazonaws" && labels[3] == "com"
    }
}
