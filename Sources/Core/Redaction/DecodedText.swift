import Bytes

/// A text in which secrets are looked for, and where each of its bytes stands in the text that is kept. Escapes, and the
/// frame of each event of a stream, hide what a reader sees; here it stands in a row, and still leads back.
struct DecodedText {
    private(set) var bytes: [UInt8]
    private var segments: [Segment] = []
    private let isItself: Bool

    /// Bytes that stand in a row, or that one escape stands for.
    private struct Segment {
        /// The first of them in this text.
        var at: Int32
        /// In the kept text.
        var start: Int32
        var end: Int32
        var isRow: Bool
    }

    init() {
        bytes = []
        isItself = false
    }

    init(itself bytes: [UInt8]) {
        self.bytes = bytes
        isItself = true
    }

    // MARK: Where it stands

    private func segment(of index: Int) -> Int {
        var (low, high) = (0, segments.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if segments[middle].at <= index { low = middle } else { high = middle - 1 }
        }
        // Of an escape that stands at several places, the first.
        while low > 0, segments[low - 1].at == segments[low].at { low -= 1 }
        return low
    }

    /// Of the part of a segment that lies in the range.
    private func place(of segment: Segment, _ range: Range<Int>, endingAt end: Int) -> Range<Int> {
        guard segment.isRow else { return Int(segment.start)..<Int(segment.end) }
        let first = max(range.lowerBound, Int(segment.at)) - Int(segment.at)
        return Int(segment.start) + first..<Int(segment.start) + min(range.upperBound, end) - Int(segment.at)
    }

    /// Where a part of this text stands: one range when it stands in a row.
    func places(of range: Range<Int>) -> [Range<Int>] {
        if isItself || range.isEmpty { return range.isEmpty ? [] : [range] }
        var places: [Range<Int>] = []
        var index = segment(of: range.lowerBound)
        while index < segments.count, segments[index].at < range.upperBound {
            let end = index + 1 < segments.count ? Int(segments[index + 1].at) : bytes.count
            let next = place(of: segments[index], range, endingAt: end)
            index += 1
            if next.isEmpty { continue }
            if let last = places.last, next.lowerBound <= last.upperBound {
                places[places.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
            } else {
                places.append(next)
            }
        }
        return places
    }

    // MARK: Making one

    /// A part of another text.
    mutating func append(_ part: Range<Int>, of other: DecodedText) {
        guard !part.isEmpty else { return }
        if other.isItself {
            add(Segment(at: 0, start: Int32(part.lowerBound), end: Int32(part.upperBound), isRow: true), shift: 0)
        } else {
            var index = other.segment(of: part.lowerBound)
            while index < other.segments.count, other.segments[index].at < part.upperBound {
                let end = index + 1 < other.segments.count ? Int(other.segments[index + 1].at) : other.bytes.count
                let place = other.place(of: other.segments[index], part, endingAt: end)
                let first = max(part.lowerBound, Int(other.segments[index].at))
                add(
                    Segment(
                        at: 0, start: Int32(place.lowerBound), end: Int32(place.upperBound),
                        isRow: other.segments[index].isRow), shift: first - part.lowerBound)
                index += 1
            }
        }
        bytes.append(contentsOf: other.bytes[part])
    }

    private mutating func add(_ segment: Segment, shift: Int) {
        var segment = segment
        segment.at = Int32(bytes.count + shift)
        if segment.isRow, let last = segments.last, last.isRow, last.end == segment.start,
            last.end - last.start == segment.at - last.at
        {
            segments[segments.count - 1].end = segment.end
        } else {
            segments.append(segment)
        }
    }

    /// What a part of another text stands for. Between its places stands what frames two events.
    mutating func append(_ decoded: [UInt8], for part: Range<Int>, of other: DecodedText) {
        let places = other.places(of: part)
        for place in places.isEmpty ? [0..<0] : places {
            let (start, end) = (Int32(place.lowerBound), Int32(place.upperBound))
            segments.append(Segment(at: Int32(bytes.count), start: start, end: end, isRow: false))
        }
        bytes.append(contentsOf: decoded)
    }

    /// A byte that stands nowhere.
    mutating func append(_ byte: UInt8) {
        segments.append(Segment(at: Int32(bytes.count), start: 0, end: 0, isRow: false))
        bytes.append(byte)
    }

    func part(_ part: Range<Int>) -> DecodedText {
        var copy = DecodedText()
        copy.append(part, of: self)
        return copy
    }

    // MARK: Undoing escapes

    /// Without the escapes of a JSON string, wherever they stand; nil when there are none. Twice for JSON inside JSON.
    func withoutEscapes() -> DecodedText? { withoutEscapes(bytes.indices) }

    /// A part of it, such as what stands between two quotation marks.
    func withoutEscapes(_ part: Range<Int>) -> DecodedText? {
        let found = replacing(UInt8(ascii: "\\"), in: part) { at in
            JSONEscape(bytes, at, part.upperBound).map { ($0.bytes, $0.count) }
        }
        return found
    }

    /// RFC 3986 2.1; nil when nothing is encoded. What is no escape stays as it is.
    func withoutPercentEncoding() -> DecodedText? {
        replacing(UInt8(ascii: "%"), in: bytes.indices) { at in byteBehindPercent(at: at).map { ([$0], 3) } }
    }

    private func replacing(
        _ mark: UInt8, in part: Range<Int>, _ escape: (Int) -> (bytes: [UInt8], count: Int)?
    ) -> DecodedText? {
        var decoded: DecodedText?
        var copied = part.lowerBound
        var at = ByteSearch.first(mark, in: bytes.span, part)
        while at < part.upperBound {
            if let found = escape(at) {
                var text = decoded ?? DecodedText()
                decoded = nil
                text.append(copied..<at, of: self)
                text.append(found.bytes, for: at..<at + found.count, of: self)
                decoded = text
                at += found.count
                copied = at
            } else {
                at += 1
            }
            at = ByteSearch.first(mark, in: bytes.span, at..<part.upperBound)
        }
        decoded?.append(copied..<part.upperBound, of: self)
        return decoded
    }

    private func byteBehindPercent(at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, let high = Hex.value(of: bytes[index + 1]),
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
        guard let unit = Self.unit(text, at, end) else { return nil }
        if unit >> 10 == 0xD800 >> 10, let low = Self.unit(text, at + 6, end), low >> 10 == 0xDC00 >> 10,
            let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
        {
            (bytes, count) = (Array(String(scalar).utf8), 12)
            return
        }
        // Half of a pair is no character, and no secret is made of them.
        bytes = Unicode.Scalar(unit).map { Array(String($0).utf8) } ?? [0xEF, 0xBF, 0xBD]
        count = 6
    }

    /// `\uXXXX`
    private static func unit(_ text: [UInt8], _ at: Int, _ end: Int) -> UInt32? {
        guard at + 6 <= end, text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "u") else { return nil }
        var unit: UInt32 = 0
        for index in at + 2..<at + 6 {
            guard let digit = Hex.value(of: text[index]) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
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
