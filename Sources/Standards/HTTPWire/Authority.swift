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

    /// Past the `]` of an IP literal.
    private static func literalEnd(_ bytes: Span<UInt8>) -> Int? {
        let end = ByteSearch.first(UInt8(ascii: "]"), in: bytes, 1..<bytes.count)
        return end < bytes.count && IPLiteral.isValid(bytes.extracting(1..<end)) ? end + 1 : nil
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

/// RFC 3986 3.2.2: IP-literal = "[" ( IPv6address / IPvFuture ) "]", here without its brackets. Zone identifiers have
/// no place on the wire (RFC 6874 3).
enum IPLiteral {
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        bytes.count > 0 && bytes[0] | 0x20 == UInt8(ascii: "v") ? isFuture(bytes) : isIPv6(bytes)
    }

    /// Eight groups of one to four hexadecimal digits with colons between them; "::", once, stands for one or more that
    /// are zero, and the last two may be written as an IPv4 address.
    private static func isIPv6(_ bytes: Span<UInt8>) -> Bool {
        var index = RequestLine.spells(bytes, "::", at: 0) ? 2 : 0
        var (groups, isShortened) = (0, index == 2)
        while index < bytes.count {
            let end = digitsEnd(bytes, from: index)
            if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
                return isIPv4(bytes.extracting(index...)) && isWhole(groups + 2, isShortened)
            }
            guard (1...4).contains(end - index) else { return false }
            groups += 1
            if end == bytes.count { break }
            guard let next = next(bytes, behind: end, &isShortened) else { return false }
            index = next
        }
        return isWhole(groups, isShortened)
    }

    /// Where the next group begins, or the literal ends, behind the colon or the first "::" that stands here.
    private static func next(_ bytes: Span<UInt8>, behind colon: Int, _ isShortened: inout Bool) -> Int? {
        if RequestLine.spells(bytes, "::", at: colon), !isShortened {
            isShortened = true
            return colon + 2
        }
        return bytes[colon] == UInt8(ascii: ":") && colon + 1 < bytes.count ? colon + 1 : nil
    }

    private static func isWhole(_ groups: Int, _ isShortened: Bool) -> Bool { isShortened ? groups <= 7 : groups == 8 }

    private static func digitsEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < bytes.count, Hex.value(of: bytes[end]) != nil { end += 1 }
        return end
    }

    /// IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet, from 0 to 255 without leading zeros.
    private static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
        var (octets, start) = (0, 0)
        while start <= bytes.count {
            let end = ByteSearch.first(UInt8(ascii: "."), in: bytes, start..<bytes.count)
            guard isOctet(bytes.extracting(start..<end)) else { return false }
            octets += 1
            start = end + 1
        }
        return octets == 4
    }

    private static func isOctet(_ bytes: Span<UInt8>) -> Bool {
        guard (1...3).contains(bytes.count), bytes.count == 1 || bytes[0] != UInt8(ascii: "0") else { return false }
        var octet = 0
        for index in 0..<bytes.count {
            guard ASCII.isDigit(bytes[index]) else { return false }
            octet = octet * 10 + Int(bytes[index] - 0x30)
        }
        return octet <= 255
    }

    /// IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
    private static func isFuture(_ bytes: Span<UInt8>) -> Bool {
        let point = digitsEnd(bytes, from: 1)
        guard point > 1, point + 1 < bytes.count, bytes[point] == UInt8(ascii: ".") else { return false }
        for index in point + 1..<bytes.count where !isFuture(bytes[index]) { return false }
        return true
    }

    private static func isFuture(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: ","): true
        case UInt8(ascii: "%"): false
        default: CharacterClass.registeredName.contains(byte)
        }
    }
}
