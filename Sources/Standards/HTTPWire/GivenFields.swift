import Bytes

/// What the fields of an answer say about matters that are the connection's own. A scenario may set any header; two
/// lengths or a second framing must never leave.
struct GivenFields: Equatable {
    private(set) var hasDate = false
    private(set) var hasServer = false
    private(set) var hasUpgrade = false
    private(set) var asksToClose = false
    /// Whether a line has to be left out.
    private var hasOwnMatters = false

    init(_ fields: FieldBlock) {
        guard fields.mayConcernConnection else { return }
        Self.eachLine(of: fields) { line, name in
            switch name.count {
            case 4 where ASCII.equals(name, lowercase: "date"): hasDate = true
            case 6 where ASCII.equals(name, lowercase: "server"): hasServer = true
            case 7 where ASCII.equals(name, lowercase: "upgrade"): hasUpgrade = true
            case 10 where ASCII.equals(name, lowercase: "connection"):
                hasOwnMatters = true
                // The line's CR LF goes too: it is no part of the last option.
                let options = line.extracting(name.count..<line.count).extracting(droppingFirst: 1).extracting(
                    droppingLast: 2)
                asksToClose = asksToClose || ControlFields.lists("close", in: options)
            default: if Self.isFraming(name) { hasOwnMatters = true }
            }
        }
    }

    private static func isFraming(_ name: Span<UInt8>) -> Bool {
        switch name.count {
        case 10: ASCII.equals(name, lowercase: "keep-alive")
        case 14: ASCII.equals(name, lowercase: "content-length")
        case 17: ASCII.equals(name, lowercase: "transfer-encoding")
        default: false
        }
    }

    /// Appends the fields, without those that the connection writes itself. An answer that switches protocols keeps
    /// its Connection field: RFC 9110 7.8 wants "upgrade" in it.
    func append(_ fields: FieldBlock, isSwitching: Bool, to buffer: inout OutputSpan<UInt8>) {
        guard hasOwnMatters else { return buffer.append(fields.bytes.span) }
        Self.eachLine(of: fields) { line, name in
            if Self.isFraming(name) { return }
            if !isSwitching, ASCII.equals(name, lowercase: "connection") { return }
            buffer.append(line)
        }
    }

    /// Every line with its CR LF, and the name in it.
    private static func eachLine(of fields: FieldBlock, _ use: (Span<UInt8>, Span<UInt8>) -> Void) {
        let bytes = fields.bytes.span
        var start = 0
        while start < bytes.count {
            var end = ControlScan.first(in: bytes, from: start, to: bytes.count)
            while end < bytes.count, bytes[end] == 0x09 {
                end = ControlScan.first(in: bytes, from: end + 1, to: bytes.count)
            }
            var colon = start
            while colon < end, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
            let next = min(end + 2, bytes.count)
            use(bytes.extracting(start..<next), bytes.extracting(start..<colon))
            start = next
        }
    }
}
