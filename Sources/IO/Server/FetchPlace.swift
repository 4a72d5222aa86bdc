import Bytes

/// Where a document lies: `http://127.0.0.1:8787/path`. Names other than localhost are not looked up: the loop would
/// stand still meanwhile, and the documents of a local stand-in are local.
struct FetchPlace: Equatable {
    let address: String
    let port: UInt16
    /// The value of Host.
    let authority: String
    let target: String

    init?(_ url: String) {
        guard url.utf8.prefix(7).elementsEqual("http://".utf8, by: { ASCII.lowercased($0) == $1 }) else { return nil }
        let rest = Array(url.utf8.dropFirst(7).prefix { $0 != UInt8(ascii: "#") })
        let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let path = rest[host.endIndex...]
        authority = String(lossy: host)
        target = (path.first == UInt8(ascii: "/") ? "" : "/") + String(lossy: path)
        guard let (name, port) = Self.split(Array(host)) else { return nil }
        self.port = port
        address = name == "localhost" || name.hasSuffix(".localhost") ? "127.0.0.1" : name
        guard Self.isLiteral(address) else { return nil }
    }

    private static func split(_ host: [UInt8]) -> (name: String, port: UInt16)? {
        var name = host[...]
        var port: UInt16 = 80
        let bracket = host.first == UInt8(ascii: "[") ? host.firstIndex(of: UInt8(ascii: "]")) : nil
        if let colon = host[(bracket ?? 0)...].firstIndex(of: UInt8(ascii: ":")) {
            guard let number = ASCII.decimal(host[(colon + 1)...]), (1...65_535).contains(number) else { return nil }
            (name, port) = (host[..<colon], UInt16(number))
        }
        if bracket != nil { name = name.dropFirst().dropLast() }
        return (String(lossy: name.map(ASCII.lowercased)), port)
    }

    /// Only what can be an address; the system call has the last word.
    private static func isLiteral(_ name: String) -> Bool {
        let digits = name.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
        return !name.isEmpty && (digits || name.utf8.contains(UInt8(ascii: ":")))
    }
}
