import HTTPWire

/// Where a running server is: `http://127.0.0.1:8787` or its port for TLS, and the part of it that a path in front of the control API
/// names (`/_space/a`).
package struct ServerAddress: Equatable, Sendable {
    package static let usual = "http://127.0.0.1:8787"

    package let scheme: Scheme
    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: UInt16
    /// Empty, or segments with a slash before each.
    package let prefix: String

    package init(_ url: String) throws(Failure) {
        guard let scheme = Scheme(of: url) else {
            throw Failure("\(url) is not the address of a server: write \(Self.usual)")
        }
        guard !url.contains(where: { "?#@\\".contains($0) }) else {
            throw Failure("\(url): an address has a host, a port and a path, and nothing else")
        }
        guard let uri = HTTPURI(url) else {
            throw Failure("\(url): the host or the port is wrong: write \(Self.usual)")
        }
        (self.scheme, host, port) = (scheme, uri.host, uri.port)
        prefix = Self.prefix(of: uri.target)
    }

    package var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The path without slashes at its end, and without the control API's own part: both are often copied along.
    private static func prefix(of path: String) -> String {
        var segments = path.split(separator: "/")
        if let control = segments.firstIndex(of: "_understudy") { segments = Array(segments[..<control]) }
        return segments.map { "/" + $0 }.joined()
    }
}
