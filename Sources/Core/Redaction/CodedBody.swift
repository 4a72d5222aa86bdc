import Deflate
import HTTPWire

/// A body in a content coding (RFC 9110 8.4): what it stands for is looked through. Where nothing is found it stays as it
/// came; where something is, what it stands for is kept without it. What cannot be read is not kept at all.
package struct CodedBody: Sendable {
    enum Reading {
        /// What each piece stands for, and all of it.
        case decoded(pieces: [[UInt8]])
        /// Why not.
        case unreadable(String)
    }

    static let longest = 8 << 20
    static let longestDecoded = 64 << 20

    /// As the header names it, `gzip`.
    let coding: String
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private(set) var isTooLong = false

    /// Nil where the fields name no coding.
    package init?(_ fields: FieldBlock) {
        let names = fields.value(of: "Content-Encoding")?.split(separator: ",").map { name in
            String(name.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
        }
        let codings = (names ?? []).filter { !$0.isEmpty && $0.lowercased() != "identity" }
        if codings.isEmpty { return nil }
        coding = codings.joined(separator: ", ")
    }

    package mutating func add(_ piece: [UInt8]) {
        if bytes.count + piece.count > Self.longest { (isTooLong, bytes) = (true, []) }
        if isTooLong { return }
        bytes += piece
        ends.append(bytes.count)
    }

    var reading: Reading {
        if isTooLong { return .unreadable("is longer than \(Self.longest >> 20) MiB") }
        if bytes.isEmpty { return .decoded(pieces: ends.map { _ in [] }) }
        guard let known = ContentCoding(name: coding) else { return .unreadable("is in \(coding)") }
        guard let decoded = known.decode(bytes, marks: ends, most: Self.longestDecoded) else {
            return .unreadable("is no \(coding), or stands for more than \(Self.longestDecoded >> 20) MiB")
        }
        var pieces: [[UInt8]] = []
        var start = 0
        for end in decoded.counts {
            pieces.append(Array(decoded.bytes[start..<end]))
            start = end
        }
        return .decoded(pieces: pieces)
    }

    /// What stands in its place.
    func pseudonym(_ redactor: inout Redactor) -> [UInt8] {
        redactor.pseudonyms.pseudonym(for: bytes.isEmpty ? Array("a long body".utf8) : bytes, .encoded)
    }
}
