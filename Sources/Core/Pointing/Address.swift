import Bytes

/// What the text of a host says about where it is.
package enum Address {
    /// RFC 6761 6.3, RFC 1122 3.2.1.3, RFC 4291 2.5.3: names and addresses of whoever asks. The unspecified address is
    /// taken for one too: connecting to it does.
    package static func isThisMachine(_ host: String) -> Bool {
        let name = ServiceHost.normalized(host)
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        if let four = octets(name) ?? mapped(name) { return four[0] == 127 || four == [0, 0, 0, 0] }
        return name == "::1" || name == "::" || name == "0:0:0:0:0:0:0:1" || name == "0:0:0:0:0:0:0:0"
    }

    /// Whether anybody may be taken there: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 name those that are for a
    /// machine, a link or a site alone.
    package static func isPublic(_ address: String) -> Bool {
        if isThisMachine(address) { return false }
        if let four = octets(address) ?? mapped(address) { return isPublic(four) }
        let name = address.lowercased()
        let first = name.prefix { $0 != ":" }
        guard let group = UInt16(first, radix: 16) else { return false }
        return group & 0xFE00 != 0xFC00 && group & 0xFFC0 != 0xFE80 && group & 0xFF00 != 0xFF00
    }

    private static func isPublic(_ four: [UInt8]) -> Bool {
        switch (four[0], four[1]) {
        case (0, _), (10, _), (192, 168), (169, 254), (224..., _): false
        case (172, 16...31), (100, 64...127): false
        default: true
        }
    }

    private static func octets(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let numbers = parts.compactMap { UInt8($0) }
        return numbers.count == 4 ? numbers : nil
    }

    /// RFC 4291 2.5.5.2: an IPv4 address as an IPv6 one.
    private static func mapped(_ text: String) -> [UInt8]? {
        let name = text.lowercased()
        return name.hasPrefix("::ffff:") ? octets(String(name.dropFirst(7))) : nil
    }
}
