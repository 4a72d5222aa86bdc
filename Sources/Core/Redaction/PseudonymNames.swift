import Bytes
import HTTPWire
import Recording

/// `[jwt-1]` where it stands in a text.
package struct PseudonymName: Hashable, Sendable {
    package let kind: String
    package let number: Int

    package init(_ kind: String, _ number: Int) { (self.kind, self.number) = (kind, number) }

    var written: [UInt8] { Array("[\(kind)-\(number)]".utf8) }

    private static let longest = 80

    /// All that have the form of one, in their order.
    static func all(in text: [UInt8]) -> [(range: Range<Int>, name: PseudonymName)] {
        var found: [(range: Range<Int>, name: PseudonymName)] = []
        var at = 0
        while let start = text[at...].firstIndex(of: UInt8(ascii: "[")) {
            at = start + 1
            let end = text[at..<min(text.count, start + longest)].firstIndex { !isPart($0) }
            guard let end, text[end] == UInt8(ascii: "]"), let name = PseudonymName(text[at..<end]) else { continue }
            found.append((start..<end + 1, name))
            at = end + 1
        }
        return found
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private init?(_ text: ArraySlice<UInt8>) {
        guard let hyphen = text.lastIndex(of: UInt8(ascii: "-")), hyphen > text.startIndex else { return nil }
        let digits = text[(hyphen + 1)...]
        guard digits.first != UInt8(ascii: "0"), (1...9).contains(digits.count), digits.allSatisfy(ASCII.isDigit),
            let number = Int(String(lossy: digits))
        else { return nil }
        self.init(String(lossy: text[..<hyphen]), number)
    }
}

extension RecordedCall {
    /// What of it may hold pseudonyms: of frames, those of one side in a row, over which one may be spread.
    package var pseudonyms: Set<PseudonymName> {
        var names: Set<PseudonymName> = []
        for text in [Array(operation.utf8), requestFields.bytes, requestBody, reply.fields.bytes] {
            for (_, name) in PseudonymName.all(in: text) { names.insert(name) }
        }
        for row in Self.rows(of: reply.frames) {
            for (_, name) in PseudonymName.all(in: row.flatMap { reply.frames[$0].bytes }) { names.insert(name) }
        }
        return names
    }

    /// Gives pseudonyms other names. Pieces stay as many as they are, and tell their size as it was.
    package mutating func rename(_ names: [PseudonymName: PseudonymName]) {
        guard !names.isEmpty else { return }
        operation = String(lossy: Self.renamed(Array(operation.utf8), names))
        requestFields = FieldBlock(bytes: Self.renamed(requestFields.bytes, names))
        requestBody = Self.renamed(requestBody, names)
        reply.fields = FieldBlock(bytes: Self.renamed(reply.fields.bytes, names))
        let before = reply.byteCount
        switch reply.body {
        case .whole(let bytes): reply.body = .whole(Self.renamed(bytes, names))
        case .frames(let frames): reply.body = .frames(Self.renamed(frames, names))
        case .stored(let stored): reply.body = .frames(Self.renamed(stored.all, names))
        }
        reply.noteLength(changedBy: reply.byteCount - before)
    }

    private static func renamed(_ frames: [RecordedFrame], _ names: [PseudonymName: PseudonymName]) -> [RecordedFrame] {
        var kept = frames
        for row in rows(of: frames) {
            var (text, ends): ([UInt8], [Int]) = ([], [])
            for place in row {
                text += frames[place].bytes
                ends.append(text.count)
            }
            let replacements = replacements(in: text, names)
            guard !replacements.isEmpty else { continue }
            let parts = replacements.applied(to: text, splitAt: ends)
            for (place, part) in zip(row, parts) where kept[place].bytes != part {
                kept[place].size = kept[place].size ?? kept[place].bytes.count
                kept[place].bytes = part
            }
        }
        return kept
    }

    private static func renamed(_ text: [UInt8], _ names: [PseudonymName: PseudonymName]) -> [UInt8] {
        replacements(in: text, names).applied(to: text)
    }

    private static func replacements(in text: [UInt8], _ names: [PseudonymName: PseudonymName]) -> [Replacement] {
        PseudonymName.all(in: text).compactMap { range, name in
            names[name].map { Replacement(range: range, text: $0.written) }
        }
    }

    /// The places of frames that are one text: a body, or what one side of a conversation said.
    private static func rows(of frames: [RecordedFrame]) -> [[Int]] {
        Array(Dictionary(grouping: frames.indices) { frames[$0].message?.side }.values)
    }
}
