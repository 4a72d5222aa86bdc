import Bytes

/// A part of a multipart form (RFC 7578): what its name says, and where its content stands. Read from the parameter
/// `name="…"` of its `Content-Disposition`; the form may begin and end anywhere.
struct MultipartPart {
    private static let longestHeader = 1024

    let name: Range<Int>
    let content: Range<Int>

    /// `equals` is the place behind `name`.
    init?(_ text: [UInt8], equals: Int) {
        guard equals + 1 < text.count, text[equals + 1] == UInt8(ascii: "\""), equals >= 4,
            ASCII.equals(text[equals - 4..<equals].span, lowercase: "name")
        else { return nil }
        let lineStart = Self.lineStart(text, before: equals)
        guard Self.isDisposition(text, lineStart..<equals) else { return nil }
        let end = ByteSearch.first(UInt8(ascii: "\""), in: text.span, equals + 2..<text.count)
        guard end - equals <= 128, let start = Self.contentStart(text, from: end) else { return nil }
        name = equals + 2..<end
        let boundary = Self.boundary(text, before: lineStart)
        content = start..<Self.contentEnd(text, from: start, boundary)
    }

    private static func lineStart(_ text: [UInt8], before place: Int) -> Int {
        var start = place
        while start > 0, place - start < longestHeader, text[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return start
    }

    /// RFC 7578 4.2: "Content-Disposition: form-data".
    private static func isDisposition(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        let name: StaticString = "content-disposition:"
        let length = name.utf8CodeUnitCount
        guard range.count > length,
            ASCII.equals(text[range.lowerBound..<range.lowerBound + length].span, lowercase: name)
        else { return false }
        var at = range.lowerBound + length
        while at < range.upperBound, text[at] == UInt8(ascii: " ") { at += 1 }
        return at + 9 <= range.upperBound && ASCII.equals(text[at..<at + 9].span, lowercase: "form-data")
    }

    /// Behind the empty line that ends the header.
    private static func contentStart(_ text: [UInt8], from end: Int) -> Int? {
        var at = end
        while at - end < longestHeader {
            at = ByteSearch.first(UInt8(ascii: "\n"), in: text.span, at..<text.count) + 1
            guard at < text.count else { return nil }
            if text[at] == UInt8(ascii: "\n") { return at + 1 }
            if text[at] == UInt8(ascii: "\r"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "\n") { return at + 2 }
        }
        return nil
    }

    /// The line that the part begins behind, `--` and the boundary; only the hyphens where the text begins later.
    private static func boundary(_ text: [UInt8], before headerLine: Int) -> [UInt8] {
        var end = headerLine
        while end > 0, headerLine - end < longestHeader {
            let start = lineStart(text, before: end - 1)
            let line = text[start..<end - 1]
            if line.starts(with: "--".utf8) { return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line) }
            end = start
        }
        return Array("--".utf8)
    }

    /// The line break before a boundary is the boundary's.
    private static func contentEnd(_ text: [UInt8], from start: Int, _ boundary: [UInt8]) -> Int {
        var at = start
        while let found = ByteSearch.first(boundary.span, in: text.span, from: at) {
            if found == start { return start }
            if text[found - 1] == UInt8(ascii: "\n") {
                let isPair = found - 2 >= start && text[found - 2] == UInt8(ascii: "\r")
                return max(start, found - (isPair ? 2 : 1))
            }
            at = found + 1
        }
        return text.count
    }
}
