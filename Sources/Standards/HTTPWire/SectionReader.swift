import Bytes

// Rules.  A section is read line by line up to the empty one that ends it: a head, or the trailers of a chunked body.
// Theory. Every line goes through two steps. The first finds its end, eight bytes at a time, and refuses what no line
//         may hold; it remembers how far it came, so that a head that arrives byte by byte is looked at once. The second
//         reads a whole line, and a line is read when it ends: a bad one is refused before the next arrives, however the
//         bytes were cut. The bytes themselves stay with the caller, and places count from the section's first byte.

/// Reads a section.
struct SectionReader {
    enum Kind { case request, response, trailers }
    enum StartLine {
        case unread
        case request(RequestLine)
        case status(StatusLine)
    }

    let kind: Kind
    let limits: Limits
    private let known: KnownFields
    private(set) var startLine = StartLine.unread
    private(set) var fields: [FieldRange] = []
    private(set) var knownPlaces: KnownPlaces
    /// As a request has them.
    private(set) var nameLengths: UInt64 = 0
    private(set) var hasPlainLines = true
    private var lineStart = 0
    private var checked = 0

    init(_ kind: Kind, limits: Limits, known: KnownFields = .none) {
        self.kind = kind
        self.limits = limits
        self.known = known
        knownPlaces = KnownPlaces(known)
    }

    /// Takes what belongs to the section from `input`, of which `held` keeps a copy: a part of the section while it is
    /// incomplete, then all of it without the empty line. Returns where the bytes after it begin, or nil when it took
    /// all and the section goes on.
    mutating func read(_ input: Span<UInt8>, from start: Int, held: inout [UInt8]) throws(MessageRefusal) -> Int? {
        guard held.isEmpty else { return try readOn(input, from: start, held: &held) }
        // The usual way: the section stands whole in the input and is copied once.
        let rest = input.extracting(start...)
        let sectionEnd = try readLines(rest)
        held = copied(rest.extracting(..<(sectionEnd ?? rest.count)))
        return sectionEnd.map { start + $0 + 2 }
    }

    private mutating func readOn(
        _ input: Span<UInt8>, from start: Int, held: inout [UInt8]
    ) throws(MessageRefusal) -> Int? {
        let before = held.count
        let room = max(0, limits.head + 2 - before)
        input.extracting(start..<min(input.count, start + room)).withUnsafeBufferPointer {
            held.append(contentsOf: $0)
        }
        guard let sectionEnd = try readLines(held.span) else { return nil }
        held.removeLast(held.count - sectionEnd)
        return start + sectionEnd + 2 - before
    }

    /// Reads every whole line. Returns where the empty one begins, or nil when it is not there yet.
    private mutating func readLines(_ input: Span<UInt8>) throws(MessageRefusal) -> Int? {
        while let lineEnd = try lineEnd(input) {
            let line = lineStart..<lineEnd
            lineStart = lineEnd + 2
            checked = lineStart
            if line.isEmpty, !isAtStartLine { return lineEnd }
            try readLine(input, line)
        }
        return nil
    }

    private var isAtStartLine: Bool {
        if case .unread = startLine, kind != .trailers { return true }
        return false
    }

    private mutating func readLine(_ input: Span<UInt8>, _ line: Range<Int>) throws(MessageRefusal) {
        guard isAtStartLine else { return try readField(input, line) }
        if kind == .request {
            startLine = .request(try RequestLine(input, line: line, limits: limits))
        } else {
            startLine = .status(try StatusLine(input, line: line))
        }
        fields.reserveCapacity(24)
    }
}

extension SectionReader {
    /// Where the line's CR LF begins; nil when it has not arrived. RFC 9112 2.2: "A recipient of such a bare CR MUST
    /// consider that element to be invalid"; it may take a bare LF for a line's end, and then disagrees with others.
    private mutating func lineEnd(_ input: Span<UInt8>) throws(MessageRefusal) -> Int? {
        let limit = isAtStartLine ? limits.requestLine : limits.head
        let end = min(input.count, limit)
        while true {
            let index = ControlScan.first(in: input, from: min(checked, end), to: end)
            checked = index
            if index == end {
                if end == limit { throw tooLong }
                return nil
            }
            if input[index] == 0x09 {
                checked = index + 1
            } else if input[index] != 0x0D {
                throw foreign(input[index], at: index)
            } else {
                guard index + 2 <= limit else { throw tooLong }
                guard index + 1 < input.count else { return nil }
                guard input[index + 1] == 0x0A else { throw foreign(0x0D, at: index) }
                return index
            }
        }
    }

    private func foreign(_ byte: UInt8, at index: Int) -> MessageRefusal {
        if byte == 0x16, index == 0, kind == .request {
            return .malformed("This port speaks plain HTTP, and the client began a TLS handshake: use http:// here.")
        }
        return .control(byte, at: place)
    }

    /// The line being read, as people count.
    private var place: String {
        switch kind {
        case .trailers: "Trailer line \(fields.count + 1)"
        case .request where isAtStartLine: "The request line"
        case .response where isAtStartLine: "The status line"
        default: "Header line \(fields.count + 1)"
        }
    }

    private var tooLong: MessageRefusal {
        if isAtStartLine {
            return MessageRefusal(status: 414, message: "\(place) is longer than \(limits.requestLine) bytes.")
        }
        let section = kind == .trailers ? "The trailers are" : "The start line and the header fields are"
        return MessageRefusal(status: 431, message: "\(section) longer than \(limits.head) bytes.")
    }

    /// RFC 9112 section 5: field-line = field-name ":" OWS field-value OWS.
    private mutating func readField(_ input: Span<UInt8>, _ line: Range<Int>) throws(MessageRefusal) {
        var colon = ByteSearch.first(UInt8(ascii: ":"), in: input, line)
        let number = known.number(of: line.lowerBound..<colon, in: input)
        if number == nil {
            colon = line.lowerBound + CharacterClass.token.run(in: input, from: line.lowerBound, to: colon)
        }
        guard colon > line.lowerBound, colon < line.upperBound, input[colon] == UInt8(ascii: ":") else {
            throw badName(input.extracting(line), stop: colon - line.lowerBound)
        }
        guard fields.count < limits.fieldCount else {
            throw MessageRefusal(status: 431, message: "The message has more than \(limits.fieldCount) header fields.")
        }
        if let number { knownPlaces.note(number, at: fields.count) }
        var (start, end) = (colon + 1, line.upperBound)
        while start < end, Self.isBlank(input[start]) { start += 1 }
        while end > start, Self.isBlank(input[end - 1]) { end -= 1 }
        fields.append(FieldRange(name: line.lowerBound..<colon, value: start..<end))
        if start != colon + 2 || end != line.upperBound || input[colon + 1] != 0x20 { hasPlainLines = false }
        nameLengths |= RequestNotes.bit(ofLength: colon - line.lowerBound)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func badName(_ line: Span<UInt8>, stop: Int) -> MessageRefusal {
        guard stop < line.count else { return .malformed("\(place) has no colon (RFC 9112 section 5).") }
        if Self.isBlank(line[stop]) {
            return stop == 0
                ? .malformed("\(place) begins with white space: folded lines are obsolete (RFC 9112 section 5.2).")
                : .malformed("\(place) has white space before its colon (RFC 9112 section 5.1).")
        }
        if stop == 0, line[0] == UInt8(ascii: ":") {
            return .malformed("\(place) has no field name (RFC 9110 section 5.1).")
        }
        return .malformed(
            "\(place) has the byte 0x\(MessageRefusal.hex(line[stop])) in its field name (RFC 9110 section 5.1).")
    }
}

/// The bytes of a span as an array of their own.
func copied(_ bytes: Span<UInt8>) -> [UInt8] { bytes.withUnsafeBufferPointer { Array($0) } }
