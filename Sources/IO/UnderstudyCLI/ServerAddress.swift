import Bytes

/// Where a running server is: `http://127.0.0.1:8787`, and the part of it that a path in front of the control API
/// names (`/_space/a`).
package struct ServerAddress: Equatable, Sendable {
    package static let usual = "http://127.0.0.1:8787"

    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: UInt16
    /// Empty, or segments with a slash before each.
    package let prefix: String

    package init(_ url: String) throws(Failure) {
        guard let scheme = Self.scheme(of: url) else {
            throw Failure("\(url) is not the address of a server: write \(Self.usual)")
        }
        guard scheme == "http" else { throw Failure("\(url): TLS is not in this version: write http://…") }
        let rest = url.dropFirst(scheme.count + "://".count)
        guard !rest.contains(where: { $0 == "?" || $0 == "#" || $0 == "@" || $0 == "\\" }) else {
            throw Failure("\(url): an address has a host, a port and a path, and nothing else")
        }
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.parts(of: authority) else {
            throw Failure("\(url): the host or the port is wrong: write \(Self.usual)")
        }
        (self.host, self.port) = (host, port)
        prefix = Self.prefix(of: rest.dropFirst(authority.count))
    }

    /// `http` or `https` if the text begins as an address does, in whatever case.
    package static func scheme(of text: String) -> String? {
        ["http", "https"].first { text.lowercased().hasPrefix($0 + "://") }
    }

    package var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// RFC 3986 3.2.3: a port that is missing or empty is the scheme's own, 80.
    private static func parts(of authority: Substring) -> (String, UInt16)? {
        var host = authority
        var port = Substring()
        let literalEnd = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        if let colon = authority[literalEnd...].firstIndex(of: ":") {
            (host, port) = (authority[..<colon], authority[authority.index(after: colon)...])
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(where: { "[]:".contains($0) }) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        guard !port.isEmpty else { return (String(host), 80) }
        guard let number = ASCII.decimal(Array(port.utf8)), let port = UInt16(exactly: number), port > 0 else {
            return nil
        }
        return (String(host), port)
    }

    /// The path without slashes at its end, and without the control API's own part: both are often copied along.
    private static func prefix(of path: Substring) -> String {
        var segments = path.split(separator: "/")
        if let control = segments.firstIndex(of: "_understudy") { segments = Array(segments[..<control]) }
        return segments.map { "/" + $0 }.joined()
    }
}
