import Bytes

/// RFC 9110 7.2: Host = uri-host [ ":" port ], with the grammar of RFC 3986 3.2.2. Userinfo is no part of it.
enum Authority {
    /// RFC 9110 4.2.1: "A recipient that processes such a URI reference [with an empty host] MUST reject it as invalid."
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0 else { return false }
        let hostEnd = bytes[0] == UInt8(ascii: "[") ? literalEnd(bytes) : nameEnd(bytes)
        guard let hostEnd, hostEnd > 0 else { return false }
        return hostEnd == bytes.count || isPort(bytes, from: hostEnd)
    }

    /// Whether a valid authority ends in a port that is written out.
    static func hasPort(_ bytes: Span<UInt8>) -> Bool {
        var index = bytes.count
        while index > 0, ASCII.isDigit(bytes[index - 1]) { index -= 1 }
        return index < bytes.count && index > 0 && bytes[index - 1] == UInt8(ascii: ":")
    }

    private static func nameEnd(_ bytes: Span<UInt8>) -> Int? {
        let allowed = CharacterClass.registeredName
        var index = 0
        while index < bytes.count, bytes[index] != UInt8(ascii: ":") {
            guard allowed.contains(bytes[index]) else { return nil }
            if bytes[index] == UInt8(ascii: "%"), !isEscape(bytes, at: index) { return nil }
            index += 1
        }
        return index
    }

    /// Past the `]` of an IP literal. Zone identifiers have no place on the wire (RFC 6874 3).
    private static func literalEnd(_ bytes: Span<UInt8>) -> Int? {
        var index = 1
        var colons = 0
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") {
                colons += 1
            } else if Hex.value(of: byte) == nil, byte != UInt8(ascii: ".") {
                return nil
            }
            index += 1
        }
        return index < bytes.count && colons >= 2 && colons <= 7 ? index + 1 : nil
    }

    /// RFC 3986 3.2.3: port = *DIGIT; one that TCP has, when there is one.
    private static func isPort(_ bytes: Span<UInt8>, from colon: Int) -> Bool {
        guard bytes[colon] == UInt8(ascii: ":"), bytes.count - colon <= 6 else { return false }
        var port = 0
        for index in colon + 1..<bytes.count {
            guard ASCII.isDigit(bytes[index]) else { return false }
            port = port * 10 + Int(bytes[index] - 0x30)
        }
        return port <= 65_535
    }

    /// Whether the `%` at `index` begins a whole escape.
    static func isEscape(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        index + 2 < bytes.count && Hex.value(of: bytes[index + 1]) != nil && Hex.value(of: bytes[index + 2]) != nil
    }
}
