import Bytes

/// RFC 9112 section 7.1, byte by byte, so that it stops and goes on anywhere:
///
///     chunk     = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
///     chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
///
/// Extensions are checked against the grammar and dropped. White space stands where the grammar has it: around ";" and
/// "=", never next to the line's end.
struct ChunkReader {
    private enum Place: Equatable {
        case size, blankAfterSize
        case nameStart, name, blankAfterName
        case valueStart, value, quoted, escaped, quotedEnd, blankAfterValue
        case sizeLineFeed
        case data, dataReturn, dataLineFeed
        case trailers, done
    }

    private let limits: Limits
    private var place = Place.size
    private var digits = 0
    private var extensionBytes = 0
    /// The size being read, then what is left of the chunk's data.
    private var rest = 0
    private var trailers: SectionReader
    /// Of the trailers, what has arrived: they are checked, and dropped.
    private var trailerBytes: [UInt8] = []

    init(limits: Limits) {
        self.limits = limits
        trailers = SectionReader(.trailers, limits: limits)
    }

    var isDone: Bool { place == .done }

    /// Takes bytes from `input`, appending the chunks' data to `body`. Returns where it stopped: at the end of the
    /// input, or of the message.
    mutating func read(_ input: Span<UInt8>, from start: Int, into body: inout [UInt8]) throws(MessageRefusal) -> Int {
        var index = start
        while index < input.count, place != .done {
            switch place {
            case .data: index = readData(input, from: index, into: &body)
            case .trailers: index = try readTrailers(input, from: index)
            case .sizeLineFeed, .dataReturn, .dataLineFeed:
                try readEnd(input[index])
                index += 1
            case .size:
                try readSize(input[index], held: body.count)
                index += 1
            default:
                try readExtension(input[index])
                index += 1
            }
        }
        return index
    }

    private mutating func readData(_ input: Span<UInt8>, from index: Int, into body: inout [UInt8]) -> Int {
        let count = min(rest, input.count - index)
        input.extracting(index..<index + count).withUnsafeBufferPointer { body.append(contentsOf: $0) }
        rest -= count
        if rest == 0 { place = .dataReturn }
        return index + count
    }

    /// RFC 9112 7.1.2: trailer fields may be discarded, and "MUST NOT be merged" where nobody defined how.
    private mutating func readTrailers(_ input: Span<UInt8>, from index: Int) throws(MessageRefusal) -> Int {
        guard let end = try trailers.read(input, from: index, held: &trailerBytes) else {
            return input.count
        }
        place = .done
        return end
    }

    private mutating func readEnd(_ byte: UInt8) throws(MessageRefusal) {
        let expected: UInt8 = place == .dataReturn ? 0x0D : 0x0A
        guard byte == expected else {
            throw .malformed(
                place == .sizeLineFeed
                    ? "A chunk's size line holds a carriage return without its line feed (RFC 9112 section 7.1)."
                    : "A chunk's data is not followed by CR LF (RFC 9112 section 7.1).")
        }
        switch place {
        case .sizeLineFeed: place = rest > 0 ? .data : .trailers
        case .dataReturn: place = .dataLineFeed
        default: (place, digits) = (.size, 0)
        }
    }
}

extension ChunkReader {
    /// RFC 9112 7.1: chunk-size = 1*HEXDIG; "recipients MUST anticipate potentially large hexadecimal numerals and
    /// prevent parsing errors due to integer conversion overflows".
    private mutating func readSize(_ byte: UInt8, held: Int) throws(MessageRefusal) {
        guard let digit = Hex.value(of: byte) else {
            guard digits > 0 else { throw .malformed("A chunk has no hexadecimal size (RFC 9112 section 7.1).") }
            guard rest <= limits.body, held <= limits.body - rest else { throw .bodyTooLarge(limits) }
            return try leaveSize(byte)
        }
        if digits == 0 { rest = 0 }
        guard digits < 16, rest < 1 << 59 else {
            throw .malformed("A chunk's size has more digits than any size needs (RFC 9112 section 7.1).")
        }
        rest = rest << 4 | Int(digit)
        digits += 1
    }

    private mutating func leaveSize(_ byte: UInt8) throws(MessageRefusal) {
        switch byte {
        case 0x0D: place = .sizeLineFeed
        case UInt8(ascii: ";"): place = .nameStart
        case 0x20, 0x09: place = .blankAfterSize
        default: throw .chunkLine(byte)
        }
    }

    private mutating func readExtension(_ byte: UInt8) throws(MessageRefusal) {
        extensionBytes += 1
        guard extensionBytes <= limits.chunkExtensions else {
            throw MessageRefusal(
                status: 413, message: "The chunk extensions are longer than \(limits.chunkExtensions) bytes.")
        }
        guard let next = next(after: byte) else { throw .chunkLine(byte) }
        place = next
    }

    /// The grammar as a table: where this byte leads, nil where it does not belong.
    private func next(after byte: UInt8) -> Place? {
        let isBlank = SectionReader.isBlank(byte)
        let isToken = CharacterClass.token.contains(byte)
        switch (place, byte) {
        case (.blankAfterSize, _) where isBlank: return .blankAfterSize
        case (.nameStart, _): return isBlank ? .nameStart : isToken ? .name : nil
        case (.name, _) where isToken: return .name
        case (.name, _) where isBlank, (.blankAfterName, _) where isBlank: return .blankAfterName
        case (.name, UInt8(ascii: "=")), (.blankAfterName, UInt8(ascii: "=")): return .valueStart
        case (.valueStart, UInt8(ascii: "\"")): return .quoted
        case (.valueStart, _): return isBlank ? .valueStart : isToken ? .value : nil
        case (.value, _) where isToken: return .value
        case (.quoted, UInt8(ascii: "\"")): return .quotedEnd
        case (.quoted, UInt8(ascii: "\\")): return .escaped
        case (.quoted, _), (.escaped, _): return Self.isText(byte) ? .quoted : nil
        case (.value, _) where isBlank, (.quotedEnd, _) where isBlank, (.blankAfterValue, _) where isBlank:
            return .blankAfterValue
        case (_, UInt8(ascii: ";")): return .nameStart
        case (.name, 0x0D), (.value, 0x0D), (.quotedEnd, 0x0D): return .sizeLineFeed
        default: return nil
        }
    }

    /// RFC 9110 5.6.4: HTAB / SP / VCHAR / obs-text.
    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
}

extension MessageRefusal {
    static func chunkLine(_ byte: UInt8) -> MessageRefusal {
        if byte == 0x0D {
            return .malformed("A chunk's size line ends in the middle of an extension (RFC 9112 section 7.1.1).")
        }
        if byte < 0x20 && byte != 0x09 || byte == 0x7F { return .control(byte, at: "A chunk's size line") }
        return .malformed("A chunk's size line holds a misplaced byte 0x\(hex(byte)) (RFC 9112 section 7.1).")
    }

    static func bodyTooLarge(_ limits: Limits) -> MessageRefusal {
        MessageRefusal(status: 413, message: "The body is longer than \(limits.body) bytes.")
    }
}
