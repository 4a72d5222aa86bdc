import Bytes

/// Which documents may be fetched at all: what a discovery document says must not send the server anywhere it likes.
enum DocumentURL {
    /// Why `url` is not fetched; nil when it may be.
    static func refusal(of url: String) -> String? {
        let bytes = Array(url.utf8)
        guard bytes.count <= 2_048 else { return "the URL is longer than 2,048 bytes" }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "the URL has characters that no URL has" }
        if bytes.starts(with: "https://".utf8) {
            return "https discovery needs the TLS support that is not there yet"
        }
        guard bytes.starts(with: "http://".utf8) else { return "it is no http URL" }
        let authority = bytes[7...].prefix { !"/?#".utf8.contains($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { return "the URL holds a user name" }
        guard !bytes.contains(UInt8(ascii: "#")) else { return "the URL has a fragment" }
        guard let host = host(in: authority) else { return "the URL has no valid host and port" }
        guard isLoopback(host) else { return "http is for loopback hosts only, and \(host) is none" }
        return nil
    }

    private static func host(in authority: ArraySlice<UInt8>) -> String? {
        var host = authority
        // An IPv6 address has colons of its own, so it stands in brackets (RFC 3986 3.2.2).
        let end =
            authority.first == UInt8(ascii: "[") ? authority.firstIndex(of: UInt8(ascii: "]")) : authority.startIndex
        guard let end else { return nil }
        if let colon = authority[end...].firstIndex(of: UInt8(ascii: ":")) {
            guard let port = ASCII.decimal(authority[(colon + 1)...]), (1...65_535).contains(port) else { return nil }
            host = authority[..<colon]
        }
        return host.isEmpty ? nil : String(lossy: host.map(ASCII.lowercased))
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { ASCII.decimal($0.utf8) }
        return numbers.count == 4 && numbers[0] == 127 && numbers.allSatisfy { (0...255).contains($0 ?? -1) }
    }
}
