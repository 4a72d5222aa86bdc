import Bytes

/// RFC 9110 4.2.1 and 4.2.2: what a connection is secured by tells the scheme of what is asked for over it.
package enum Scheme: String, CaseIterable, Sendable {
    case http, https

    /// What such a URI begins with.
    package var prefix: String { self == .http ? "http://" : "https://" }

    package var usualPort: UInt16 { self == .http ? 80 : 443 }

    /// The scheme that the text begins with. RFC 3986 3.1: "schemes are case-insensitive".
    package init?(of text: String) {
        let found = Self.allCases.first {
            ASCII.equalsIgnoringCase(text.utf8.prefix($0.prefix.utf8.count), $0.prefix.utf8)
        }
        guard let found else { return nil }
        self = found
    }
}

/// An http or https URI, taken apart. Whether its host is anybody's business is for the caller to say.
///
///     http-URI  = "http" "://" authority path-abempty [ "?" query ]      RFC 9110 4.2.1
///     authority = [ userinfo "@" ] host [ ":" port ]                     RFC 3986 3.2
package struct HTTPURI: Equatable, Sendable {
    package let scheme: Scheme
    /// RFC 9110 4.2.4: "a recipient ought to parse for userinfo and treat its presence as an error".
    package var hasUserinfo: Bool { userinfo != nil }
    /// As written, still encoded.
    package let userinfo: String?
    /// As written, but without the brackets of an IPv6 address.
    package let host: String
    /// As written: empty behind a lone colon, nil without one.
    package let writtenPort: String?
    package let port: UInt16
    /// Host and port as written: the value of Host.
    package let authority: String
    /// Path and query as a request line has them: never empty.
    package let target: String
    package let hasFragment: Bool

    /// Nil when the text is no such URI, or its host or port is none.
    package init?(_ text: String) {
        guard let scheme = Scheme(of: text) else { return nil }
        let rest = text.utf8.dropFirst(scheme.prefix.utf8.count)
        let whole = rest.prefix { !"/?#".utf8.contains($0) }
        let behind = rest[whole.endIndex...]
        let user = whole.lastIndex(of: UInt8(ascii: "@"))
        let authority = user.map { whole[whole.index(after: $0)...] } ?? whole
        guard let (host, port) = Self.parts(of: authority) else { return nil }
        self.scheme = scheme
        userinfo = user.map { String(decoding: whole[..<$0], as: UTF8.self) }
        self.host = host
        writtenPort = port
        guard let number = port.map({ $0.isEmpty ? scheme.usualPort : UInt16($0) }) ?? scheme.usualPort, number > 0
        else { return nil }
        self.port = number
        self.authority = String(decoding: authority, as: UTF8.self)
        let target = behind.prefix { $0 != UInt8(ascii: "#") }
        hasFragment = target.endIndex != behind.endIndex
        self.target = (target.first == UInt8(ascii: "/") ? "" : "/") + String(decoding: target, as: UTF8.self)
    }

    /// RFC 3986 3.2.2 and 3.2.3: an IPv6 address has colons of its own, so it stands in brackets; port = *DIGIT.
    private static func parts(of authority: Substring.UTF8View) -> (host: String, port: String?)? {
        var host = authority
        var port: String?
        let bracket = authority.first == UInt8(ascii: "[")
        let hostEnd = bracket ? authority.firstIndex(of: UInt8(ascii: "]")) : authority.startIndex
        guard let hostEnd else { return nil }
        if let colon = authority[hostEnd...].firstIndex(of: UInt8(ascii: ":")) {
            let digits = authority[authority.index(after: colon)...]
            guard digits.allSatisfy(ASCII.isDigit) else { return nil }
            (host, port) = (authority[..<colon], String(decoding: digits, as: UTF8.self))
        }
        if bracket {
            guard host.last == UInt8(ascii: "]"), host.contains(UInt8(ascii: ":")) else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(where: { "[]".utf8.contains($0) }) {
            return nil
        }
        return host.isEmpty ? nil : (String(decoding: host, as: UTF8.self), port)
    }

    /// A name that means this machine wherever it is asked for: RFC 6761 6.3.
    package var isLocalhost: Bool {
        let name = host.utf8.map(ASCII.lowercased)
        return name.elementsEqual("localhost".utf8) || name.suffix(10).elementsEqual(".localhost".utf8)
    }
}
