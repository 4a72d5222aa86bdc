import Bytes

/// Reads a `text/event-stream` as its bytes come: HTML standard, 9.2.6 "Interpreting an event stream".
///
/// Also events that the standard does not dispatch are told (comments, `id` or `retry` alone), because a recording
/// keeps them; `isDispatched` tells them apart. "Once the end of the file is reached, any pending data must be
/// discarded": an event is told at its blank line and never before.
package struct Parser: Sendable {
    /// 9.2.6: "the last event ID string", what a client would send as `Last-Event-ID`.
    package private(set) var lastEventID = ""
    /// The bytes of the line that is not finished yet.
    private var line: [UInt8] = []
    private var event = Event()
    private var eventBytes = 0
    private var isFirstLine = true
    /// A CR ended the last line; an LF right after it belongs to it.
    private var endedWithCR = false

    package init() {}

    /// What is held of an event that is not finished: a caller with a limit compares this with it.
    package var pendingBytes: Int { eventBytes + line.count }

    /// The events that these bytes finish, in order.
    package mutating func feed(_ bytes: Span<UInt8>) -> [Event] {
        var events: [Event] = []
        var start = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if endedWithCR {
                endedWithCR = false
                if byte == UInt8(ascii: "\n") {
                    start = index + 1
                    continue
                }
            }
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            endedWithCR = byte == UInt8(ascii: "\r")
            hold(bytes.extracting(start..<index))
            start = index + 1
            if let event = finishLine() { events.append(event) }
        }
        hold(bytes.extracting(start..<bytes.count))
        return events
    }

    package mutating func feed(_ bytes: [UInt8]) -> [Event] { feed(bytes.span) }

    private mutating func hold(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { line.append(contentsOf: $0) }
    }

    /// The finished event, if the line is the blank one that ends it.
    private mutating func finishLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        // 9.2.5: `stream = [ bom ] *event`
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirstLine = false
        if line.isEmpty { return finishEvent() }
        eventBytes += line.count
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        var value = colon.map { line[($0 + 1)...] } ?? []
        // "If value starts with a U+0020 SPACE character, remove it from value."
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let name = line[..<(colon ?? line.endIndex)]
        if name.isEmpty {
            event.comment = event.comment.map { $0 + "\n" + String(lossy: value) } ?? String(lossy: value)
        } else {
            process(String(lossy: name), Array(value))
        }
        return nil
    }

    /// "Field names must be compared literally, with no case folding performed."
    private mutating func process(_ name: String, _ value: [UInt8]) {
        switch name {
        case "data":
            if event.data == nil {
                event.data = value
            } else {
                event.data?.append(UInt8(ascii: "\n"))
                event.data?.append(contentsOf: value)
            }
        case "event": event.event = String(lossy: value)
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer"
        case "id": if !value.contains(0) { event.id = String(lossy: value) }
        // "If the field value consists of only ASCII digits"; one too long for a wait is no wait.
        case "retry": if let retry = ASCII.decimal(value) { event.retry = retry }
        default: break
        }
    }

    private mutating func finishEvent() -> Event? {
        defer {
            event = Event()
            eventBytes = 0
        }
        if let id = event.id { lastEventID = id }
        return event == Event() ? nil : event
    }
}
