/// The two spellings of an ECDSA signature: JOSE concatenates R and S, OpenSSL wants `SEQUENCE { INTEGER, INTEGER }`.
enum ECDSASignature {
    /// Nil when R or S is zero, which no signer produces (FIPS 186-5 6.4.2 demands 1 to n-1; OpenSSL checks above).
    static func der(fromConcatenated signature: [UInt8]) -> [UInt8]? {
        let half = signature.count / 2
        guard let r = integer(signature[..<half]), let s = integer(signature[half...]) else { return nil }
        let content = r + s
        return [0x30] + length(content.count) + content
    }

    /// X.690 8.3: the shortest two's complement, so a leading one bit needs a zero octet before it.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = bytes.drop { $0 == 0 }
        guard let first = digits.first else { return nil }
        let content = (first & 0x80 == 0 ? [] : [0]) + digits
        return [0x02] + length(content.count) + content
    }

    /// X.690 8.1.3; 139 octets are the most that P-521 needs.
    private static func length(_ count: Int) -> [UInt8] {
        count < 128 ? [UInt8(count)] : [0x81, UInt8(count)]
    }
}
