import Bytes

/// A text in which secrets are looked for, and where each of its bytes stands in the text that is kept. Escapes, and the
/// frame of each event of a stream, hide what a reader sees; here it stands in a row, and still leads back.
struct DecodedText {
    private(set) var bytes: [UInt8] = []
    /// Of each byte; empty while the text is the kept one itself.
    private var starts: [Int32] = []
    private var ends: [Int32] = []
    private let isItself: Bool

    init() { isItself = false }

    init(itself bytes: [UInt8]) {
        self.bytes = bytes
        isItself = true
    }

    mutating func append(_ byte: UInt8, standingAt place: Range<Int>) {
        bytes.append(byte)
        starts.append(Int32(truncatingIfNeeded: place.lowerBound))
        ends.append(Int32(truncatingIfNeeded: place.upperBound))
    }

    /// A byte that stands nowhere: it parts what must not be read together.
    mutating func appendGap() { append(0, standingAt: 0..<0) }

    func place(of index: Int) -> Range<Int> {
        isItself ? index..<index + 1 : Int(starts[index])..<Int(ends[index])
    }

    /// Where a part of this text stands: one range when it stands in a row.
    func places(of range: Range<Int>) -> [Range<Int>] {
        if isItself { return range.isEmpty ? [] : [range] }
        var places: [Range<Int>] = []
        for index in range {
            let next = place(of: index)
            if next.isEmpty { continue }
            if let last = places.last, next.lowerBound <= last.upperBound {
                places[places.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
            } else {
                places.append(next)
            }
        }
        return places
    }

    /// From the first byte of a part to the last one, as it stands in the kept text.
    private func place(of range: Range<Int>) -> Range<Int> {
        place(of: range.lowerBound).lowerBound..<place(of: range.upperBound - 1).upperBound
    }

    /// Without the escapes of a JSON string, wherever they stand; nil when there are none. Twice for JSON inside JSON.
    func withoutEscapes() -> DecodedText? { withoutEscapes(bytes.indices) }

    /// A part of it, such as what stands between two quotation marks.
    func withoutEscapes(_ part: Range<Int>) -> DecodedText? {
        guard bytes[part].contains(UInt8(ascii: "\\")) else { return nil }
        var decoded = DecodedText()
        var at = part.lowerBound
        while at < part.upperBound {
            guard let escape = JSONEscape(bytes, at, part.upperBound) else {
                decoded.append(bytes[at], standingAt: place(of: at))
                at += 1
                continue
            }
            let place = place(of: at..<at + escape.count)
            for byte in escape.bytes { decoded.append(byte, standingAt: place) }
            at += escape.count
        }
        return decoded
    }

    func part(_ part: Range<Int>) -> DecodedText {
        var copy = DecodedText()
        for index in part { copy.append(bytes[index], standingAt: place(of: index)) }
        return copy
    }

    mutating func append(_ other: DecodedText) {
        for index in other.bytes.indices { append(other.bytes[index], standingAt: other.place(of: index)) }
    }

    /// RFC 3986 2.1; nil when nothing is encoded. What is no escape stays as it is.
    func withoutPercentEncoding() -> DecodedText? {
        guard let first = bytes.indices.first(where: { byteBehindPercent(at: $0) != nil }) else { return nil }
        var decoded = part(0..<first)
        var at = first
        while at < bytes.count {
            if let byte = byteBehindPercent(at: at) {
                decoded.append(byte, standingAt: place(of: at..<at + 3))
                at += 3
            } else {
                decoded.append(bytes[at], standingAt: place(of: at))
                at += 1
            }
        }
        return decoded
    }

    private func byteBehindPercent(at index: Int) -> UInt8? {
        guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = Hex.value(of: bytes[index + 1]),
            let low = Hex.value(of: bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }
}

/// RFC 8259 7: what one escape of a string stands for.
struct JSONEscape {
    let bytes: [UInt8]
    /// How many bytes it is written with.
    let count: Int

    init?(_ text: [UInt8], _ at: Int, _ end: Int) {
        guard text[at] == UInt8(ascii: "\\"), at + 1 < end else { return nil }
        let letter = text[at + 1]
        if let byte = Self.byte(letter) {
            (bytes, count) = ([byte], 2)
            return
        }
        guard letter == UInt8(ascii: "u"), at + 6 <= end else { return nil }
        var value: UInt32 = 0
        for index in at + 2..<at + 6 {
            guard let digit = Hex.value(of: text[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        // Half of a pair is no character, and no secret is made of them.
        bytes = Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [0xEF, 0xBF, 0xBD]
        count = 6
    }

    private static func byte(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"): letter
        default: nil
        }
    }
}
