import Bytes

/// One event of a `text/event-stream` (HTML standard, 9.2 "Server-sent events"), both as it is to be written and as it
/// was read. Nil means that the field does not stand in it.
package struct Event: Equatable, Sendable {
    /// The `data` lines, joined with a newline. Bytes, because a stream under test may break its UTF-8.
    package var data: [UInt8]?
    package var event: String?
    package var id: String?
    /// Milliseconds.
    package var retry: Int?
    /// The comment lines, joined with a newline.
    package var comment: String?

    package init(
        data: [UInt8]? = nil, event: String? = nil, id: String? = nil, retry: Int? = nil, comment: String? = nil
    ) {
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry
        self.comment = comment
    }

    package init(text: String, event: String? = nil, id: String? = nil) {
        self.init(data: Array(text.utf8), event: event, id: id)
    }

    /// The data as text, with U+FFFD for what is not UTF-8, as the standard decodes it.
    package var text: String? { data.map { String(lossy: $0) } }

    /// 9.2.6: "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty
    /// string and return": an event without a data line changes id and retry, but no listener sees it.
    package var isDispatched: Bool { data != nil }

    /// Appends the event as it goes on the wire, the blank line that ends it included. A data line or a comment for
    /// every line of the text; what would end the `event` or `id` line early becomes a space.
    package func append(to bytes: inout [UInt8]) {
        if let comment { Self.append(":", lines: Array(comment.utf8), to: &bytes) }
        if let event { Self.append("event:", line: event, to: &bytes) }
        if let id { Self.append("id:", line: id, to: &bytes) }
        if let retry, retry >= 0 {
            bytes.append("retry: ")
            bytes.append(decimal: retry)
            bytes.append(UInt8(ascii: "\n"))
        }
        if let data { Self.append("data:", lines: data, to: &bytes) }
        bytes.append(UInt8(ascii: "\n"))
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// 9.2.5: `end-of-line = ( cr lf / cr / lf )`
    private static func append(_ name: StaticString, lines: [UInt8], to bytes: inout [UInt8]) {
        var rest = lines[...]
        while true {
            let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? rest.endIndex
            bytes.append(name)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: rest[..<end])
            bytes.append(UInt8(ascii: "\n"))
            guard end < rest.endIndex else { return }
            let isPair = rest[end...].starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
            rest = rest[(end + (isPair ? 2 : 1))...]
        }
    }

    /// Besides line ends, NUL: 9.2.6 ignores an id that contains it.
    private static func append(_ name: StaticString, line: String, to bytes: inout [UInt8]) {
        bytes.append(name)
        bytes.append(UInt8(ascii: " "))
        for byte in line.utf8 {
            let breaks = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0
            bytes.append(breaks ? UInt8(ascii: " ") : byte)
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}
