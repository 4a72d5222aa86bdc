import Bytes

/// The codings of RFC 9110 8.4.1 that are read here: `gzip` (RFC 1952) and `deflate` (RFC 1950 around RFC 1951).
package enum ContentCoding: String, Sendable, CaseIterable {
    case gzip
    case deflate

    /// What coded bytes stand for.
    package struct Decoded: Equatable, Sendable {
        package var bytes: [UInt8]
        /// How many of them were there when the coded ones had come up to each mark.
        package var counts: [Int]
        /// Whether the coded bytes were all of it: a cut answer has a beginning, and that can be read.
        package var isWhole: Bool
    }

    /// RFC 9110 8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"." Nil for another coding.
    package init?(name: String) {
        switch name.lowercased() {
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        default: return nil
        }
    }

    /// Nil for bytes that are not in this coding, have something behind their end, or stand for more than `most`.
    package func decode(_ bytes: [UInt8], marks: [Int] = [], most: Int) -> Decoded? {
        var inflater = Inflater(bytes, from: 0, marks: marks, most: most)
        var isWhole = true
        do throws(StreamStop) {
            switch self {
            case .gzip: try Self.gzip(bytes, &inflater)
            case .deflate: try Self.zlib(bytes, &inflater)
            }
        } catch {
            guard error == .cut else { return nil }
            isWhole = false
        }
        let missing = marks.count - inflater.counts.count
        return Decoded(
            bytes: inflater.output, counts: inflater.counts + [Int](repeating: inflater.output.count, count: missing),
            isWhole: isWhole)
    }

    // MARK: gzip

    /// RFC 1952 2.2: "A gzip file consists of a series of "members"".
    private static func gzip(_ bytes: [UInt8], _ inflater: inout Inflater) throws(StreamStop) {
        var at = 0
        repeat {
            let start = inflater.output.count
            inflater.goOn(from: try headerEnd(bytes, at))
            try inflater.inflate()
            at = inflater.place
            let (check, length) = (try word(bytes, at), try word(bytes, at + 4))
            let member = inflater.output[start...]
            guard check == CRC32.of(member), length == UInt32(truncatingIfNeeded: member.count) else { throw .wrong }
            at += 8
        } while at < bytes.count
    }

    /// 2.3: ID1, ID2, CM, FLG, MTIME, XFL, OS, and what FLG says follows.
    private static func headerEnd(_ bytes: [UInt8], _ start: Int) throws(StreamStop) -> Int {
        for (offset, expected) in [0x1F, 0x8B, 8].enumerated() {
            guard start + offset < bytes.count else { throw .cut }
            guard bytes[start + offset] == expected else { throw .wrong }
        }
        guard start + 10 <= bytes.count else { throw .cut }
        let flags = bytes[start + 3]
        // "Reserved FLG bits must be zero."
        guard flags & 0xE0 == 0 else { throw .wrong }
        var at = start + 10
        if flags & 4 != 0 {
            guard at + 2 <= bytes.count else { throw .cut }
            at += 2 + Int(bytes[at]) + Int(bytes[at + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            while at < bytes.count, bytes[at] != 0 { at += 1 }
            at += 1
        }
        if flags & 2 != 0 { at += 2 }
        guard at <= bytes.count else { throw .cut }
        return at
    }

    private static func word(_ bytes: [UInt8], _ at: Int) throws(StreamStop) -> UInt32 {
        guard at + 4 <= bytes.count else { throw .cut }
        return bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    // MARK: zlib

    /// RFC 1950 2.2: CMF, FLG, the data and ADLER32.
    private static func zlib(_ bytes: [UInt8], _ inflater: inout Inflater) throws(StreamStop) {
        guard bytes.count >= 2 else { throw .cut }
        // "CM = 8 denotes the "deflate" compression method"; "CMF*256 + FLG is a multiple of 31"; no FDICT.
        let isHeader = bytes[0] & 15 == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 && bytes[1] & 32 == 0
        guard isHeader else { throw .wrong }
        inflater.goOn(from: 2)
        try inflater.inflate()
        let end = inflater.place + 4
        guard end <= bytes.count else { throw .cut }
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in inflater.output {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let check = bytes[end - 4..<end].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard check == high << 16 | low, end == bytes.count else { throw .wrong }
    }
}

/// RFC 1952 8.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { value, _ in value & 1 != 0 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
}
