import Bytes
import HTTPWire

/// Which documents may be fetched at all: what a discovery document says must not send the server anywhere it likes.
package enum DocumentURL {
    /// Why `url` is not fetched; nil when it may be.
    package static func refusal(of url: String) -> String? {
        guard url.utf8.count <= 2_048 else { return "the URL is longer than 2,048 bytes" }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "the URL has characters that no URL has" }
        if url.hasPrefix(Scheme.https.prefix) { return "https discovery needs the TLS support that is not there yet" }
        guard url.hasPrefix(Scheme.http.prefix) else { return "it is no http URL" }
        let uri = HTTPURI(url)
        guard uri?.hasUserinfo != true else { return "the URL holds a user name" }
        guard !url.utf8.contains(UInt8(ascii: "#")) else { return "the URL has a fragment" }
        guard let uri, uri.writtenPort != "" else { return "the URL has no valid host and port" }
        let host = uri.host.lowercased()
        guard isLoopback(uri, host) else {
            return "http is for loopback hosts only, and \(host.contains(":") ? "[\(host)]" : host) is none"
        }
        return nil
    }

    private static func isLoopback(_ uri: HTTPURI, _ host: String) -> Bool {
        if uri.isLocalhost || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { ASCII.decimal($0.utf8) }
        return numbers.count == 4 && numbers[0] == 127 && numbers.allSatisfy { (0...255).contains($0 ?? -1) }
    }
}
