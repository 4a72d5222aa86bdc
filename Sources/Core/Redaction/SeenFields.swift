import Bytes

// Rules.  What was looked at stands as long as no more secrets are known; then all is forgotten.
// Theory. A client says nearly the same with every call, line for line and in the same order, and so does who answers it.
//         A line is compared with the one in its place in the block before, which takes no hash and no copy.

/// The header fields that came last, and which of their lines can hold no secret.
package struct SeenFields: Sendable {
    package enum Side: Sendable { case request, answer }

    fileprivate struct Line {
        var start: Int
        /// Behind its line break.
        var end: Int
        var mayHold: Bool
        /// It says that the body is no plain text.
        var isTelling: Bool
    }

    fileprivate struct Block {
        var bytes: [UInt8] = []
        var lines: [Line] = []
        var isPlain = true
    }

    private var request = Block()
    private var answer = Block()

    package init() {}

    /// Whether no line can hold a secret, which is asked of those that are not as they were.
    mutating func look(at bytes: [UInt8], of side: Side, _ mayHold: (Span<UInt8>) -> Bool) -> Bool {
        switch side {
        case .request: request.look(at: bytes, mayHold)
        case .answer: answer.look(at: bytes, mayHold)
        }
    }

    /// Whether the block that was looked at last names no coding and no stream of events.
    func isPlain(_ side: Side) -> Bool {
        switch side {
        case .request: request.isPlain
        case .answer: answer.isPlain
        }
    }

    /// What was told of a line of the block that was looked at last.
    func mayHold(line: Int, of side: Side) -> Bool {
        switch side {
        case .request: request.lines[line].mayHold
        case .answer: answer.lines[line].mayHold
        }
    }
}

extension SeenFields.Block {
    fileprivate mutating func look(at bytes: [UInt8], _ mayHold: (Span<UInt8>) -> Bool) -> Bool {
        let before = self.bytes
        let (new, old) = (bytes.span, before.span)
        var (start, count, isClean) = (0, 0, true)
        isPlain = true
        while start < new.count {
            var line = SeenFields.Line(start: start, end: 0, mayHold: false, isTelling: false)
            if count < lines.count, let end = lines[count].end(in: new, at: start, as: old) {
                line = lines[count]
                (line.start, line.end) = (start, end)
            } else {
                let lineBreak = ByteSearch.first(UInt8(ascii: "\r"), in: new, start..<new.count)
                line.end = min(lineBreak + 2, new.count)
                line.mayHold = mayHold(new.extracting(start..<lineBreak))
                line.isTelling = Self.isTelling(new.extracting(start..<lineBreak))
            }
            if line.mayHold { isClean = false }
            if line.isTelling { isPlain = false }
            if count < lines.count { lines[count] = line } else { lines.append(line) }
            (start, count) = (line.end, count + 1)
        }
        lines.removeLast(lines.count - count)
        self.bytes = bytes
        return isClean
    }

    private static func isTelling(_ line: Span<UInt8>) -> Bool {
        begins(line, "content-encoding:") || begins(line, "content-type: text/event-stream")
    }

    private static func begins(_ line: Span<UInt8>, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        return line.count >= count && ASCII.equals(line.extracting(0..<count), lowercase: text)
    }
}

extension SeenFields.Line {
    /// Where the same line ends in another block, where it begins at this place.
    fileprivate func end(in block: Span<UInt8>, at place: Int, as known: Span<UInt8>) -> Int? {
        let end = place + self.end - start
        guard end <= block.count,
            ByteSearch.equal(block.extracting(place..<end), known.extracting(start..<self.end))
        else { return nil }
        return end
    }
}
