import Bytes

/// The parts of multipart forms in a text, by name and content, for the final scan.
enum MultipartCheck {
    static func parts(of text: [UInt8]) -> [(name: [UInt8], content: ArraySlice<UInt8>)] {
        guard ByteSearch.first("form-data".utf8.span, in: text.span, from: 0) != nil else { return [] }
        var parts: [(name: [UInt8], content: ArraySlice<UInt8>)] = []
        var (name, boundary): ([UInt8]?, ArraySlice<UInt8>) = (nil, [])
        var contentStart: Int?
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let bare = line.last == 0x0D ? line.dropLast() : line
            if let start = contentStart {
                guard bare.starts(with: boundary.isEmpty ? [0x2D, 0x2D] : boundary) else { continue }
                let content = text[start..<max(start, line.startIndex - 1)]
                parts.append((name ?? [], content.last == 0x0D ? content.dropLast() : content))
                (name, contentStart) = (nil, nil)
            }
            if bare.starts(with: "--".utf8) {
                boundary = bare
            } else if bare.isEmpty, name != nil {
                contentStart = min(line.endIndex + 1, text.count)
            } else if let found = self.name(in: bare) {
                name = found
            }
        }
        if let contentStart { parts.append((name ?? [], text[contentStart...])) }
        return parts
    }

    /// Of a line that says `Content-Disposition: form-data; name="…"`.
    private static func name(in line: ArraySlice<UInt8>) -> [UInt8]? {
        let words = String(lossy: line).lowercased().split { $0 == " " || $0 == ":" || $0 == ";" }
        guard words.count > 2, words[0] == "content-disposition", words[1] == "form-data" else { return nil }
        for parameter in line.split(separator: UInt8(ascii: ";")) {
            let bare = parameter.drop { $0 == 0x20 }
            guard bare.starts(with: #"name=""#.utf8) else { continue }
            return Array(bare.dropFirst(6).prefix { $0 != UInt8(ascii: "\"") })
        }
        return nil
    }
}
