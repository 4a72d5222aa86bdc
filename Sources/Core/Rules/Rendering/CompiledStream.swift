import Bytes
import Delivery
import JSON
import SSEWire
import Time

/// A streamed reply, made ready. Event number i is due `firstAfter` and the sum of the gaps up to its own after the
/// head: a gap is the event's `after`, else the stream's `every`; the first event has no gap unless it says `after`.
/// One script without holes is shared by every call.
struct CompiledStream: ReadyBody {
    private enum Item: Sendable {
        case bytes([UInt8])
        case event(EventTemplate)
    }

    let firstAfter: Int64
    let constant: FrameScript?
    private let items: [Item]
    private let times: [(offset: Int64, gap: Int64)]
    private let jitter: Double

    init(_ stream: StreamReply) throws(RuleMistake) {
        firstAfter = stream.firstAfter?.nanoseconds ?? 0
        jitter = stream.jitter ?? 0
        times = Self.times(stream)
        var items: [Item] = []
        for event in stream.events {
            let template = try EventTemplate(event)
            items.append(template.constant.map(Item.bytes) ?? .event(template))
        }
        self.items = items
        constant = Self.constant(items, times, jitter)
    }

    var constantBody: RenderedReply.Body? { constant.map { .stream($0, firstAfter: firstAfter) } }

    func rendered(
        _ situation: inout Situation, _ header: HeaderLookup, _ contentType: inout String?
    ) -> RenderedReply.Body {
        .stream(script(&situation, header), firstAfter: firstAfter)
    }

    func script(_ situation: inout Situation, _ header: HeaderLookup) -> FrameScript {
        if let constant { return constant }
        var frames: [FrameScript.Frame] = []
        frames.reserveCapacity(items.count)
        for (item, time) in zip(items, times) {
            let bytes: [UInt8]
            switch item {
            case .bytes(let ready): bytes = ready
            case .event(let template): bytes = template.bytes(&situation, header)
            }
            frames.append(FrameScript.Frame(bytes: bytes, offset: time.offset, gap: time.gap))
        }
        return FrameScript(frames: frames, jitter: jitter)
    }

    private static func constant(
        _ items: [Item], _ times: [(offset: Int64, gap: Int64)], _ jitter: Double
    ) -> FrameScript? {
        var frames: [FrameScript.Frame] = []
        for (item, time) in zip(items, times) {
            guard case .bytes(let bytes) = item else { return nil }
            frames.append(FrameScript.Frame(bytes: bytes, offset: time.offset, gap: time.gap))
        }
        return FrameScript(frames: frames, jitter: jitter)
    }

    private static func times(_ stream: StreamReply) -> [(offset: Int64, gap: Int64)] {
        var offset: Int64 = 0
        return stream.events.enumerated().map { index, event in
            let gap = (event.after ?? (index == 0 ? nil : stream.every))?.nanoseconds ?? 0
            // A script longer than 292 years ends there.
            offset = offset.addingReportingOverflow(gap).overflow ? Int64.max / 4 : min(offset + gap, Int64.max / 4)
            return (offset, gap)
        }
    }
}

/// One server-sent event with holes. `data` is written as the AgentCore SDK's container writes what an agent yields,
/// `json.dumps(…, ensure_ascii=False)`: `data: {"data": "Hel"}`, and a string in quotation marks. `text` stands as it is,
/// one `data:` line for each of its lines.
struct EventTemplate: Sendable {
    private let data: CompiledJSON?
    private let text: Template?
    private let name: Template?
    private let id: Template?
    private let retry: Int?
    private let comment: Template?

    init(_ event: StreamReply.Event) throws(RuleMistake) {
        data = if let value = event.data { try CompiledJSON(value) } else { nil }
        text = if let text = event.text { try Template(text) } else { nil }
        name = if let name = event.event { try Template(name) } else { nil }
        id = if let id = event.id { try Template(id) } else { nil }
        comment = if let comment = event.comment { try Template(comment) } else { nil }
        retry = event.retry
    }

    /// The frame of an event without holes.
    var constant: [UInt8]? {
        let hasHoles = [text, name, id, comment].contains { $0 != nil && $0?.constant == nil }
        guard !hasHoles, data == nil || data?.constant != nil else { return nil }
        return SSEWire.Event(
            data: data?.constant ?? text?.constant.map { Array($0.utf8) }, event: name?.constant, id: id?.constant,
            retry: retry, comment: comment?.constant
        ).bytes
    }

    func bytes(_ situation: inout Situation, _ header: HeaderLookup) -> [UInt8] {
        SSEWire.Event(
            data: content(&situation, header), event: name.map { situation.text($0, header) },
            id: id.map { situation.text($0, header) }, retry: retry,
            comment: comment.map { situation.text($0, header) }
        ).bytes
    }

    private func content(_ situation: inout Situation, _ header: HeaderLookup) -> [UInt8]? {
        var bytes: [UInt8] = []
        if let data {
            data.append(to: &bytes, &situation, header)
        } else if let text {
            situation.append(text, to: &bytes, header)
        } else {
            return nil
        }
        return bytes
    }
}
