import Fields
import JSON

/// `stream`: server-sent events, each at its moment.
package struct StreamReply: ReplyKind {
    package static let word = "stream"

    package var firstAfter: Duration?
    package var every: Duration?
    package var jitter: Double?
    package var events: [Event] = []

    package init() {}

    /// One server-sent event. `after` counts from the event before it and stands for `every`.
    package struct Event: Equatable, Sendable {
        package var data: JSON.Value?
        /// Unquoted text in place of `data`, a line for each of its lines.
        package var text: String?
        package var event: String?
        package var id: String?
        package var retry: Int?
        package var comment: String?
        package var after: Duration?

        package init() {}
    }
}

extension StreamReply {
    package init?(_ fields: inout FieldReader) {
        guard let stream = fields.object(Self.word, Self.read) else { return nil }
        self = stream
    }

    private static func read(_ fields: inout FieldReader) -> StreamReply? {
        var stream = StreamReply()
        stream.firstAfter = fields.duration("firstAfter")
        stream.every = fields.duration("every")
        stream.jitter = fields.share("jitter")
        guard fields.required("events") != nil else { return nil }
        stream.events = fields.list("events", event) ?? []
        return stream
    }

    private static func event(_ fields: inout FieldReader) -> Event? {
        var event = Event()
        if let data = fields.field("data") {
            TemplateSearch.check(data, path: fields.path.appending("data"), fields.mistakes)
            event.data = data.value
        }
        event.text = fields.text("text", .template)
        event.event = fields.text("event", line)
        event.id = fields.text("id", line)
        event.retry = fields.integer("retry", 0...Int.max)
        event.comment = fields.text("comment", .template)
        event.after = fields.duration("after")
        if event.data != nil, fields.has("text") {
            fields.refuse("text", "an event has data or text, not both", hint: "leave one of them out")
        }
        if !["data", "text", "event", "id", "retry", "comment"].contains(where: fields.has) {
            fields.refuse("the event says nothing", hint: "write data, text, event, id, retry or comment")
        }
        return event
    }

    /// HTML standard 9.2.6: what stands on one line, and an id without U+0000.
    private static let line = TextCheck { text in
        if text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            return TextCheck.Problem(message: "holds a line end, which would end the field")
        }
        return TextCheck.template.problem(text)
    }
}

extension StreamReply {
    package var written: Value {
        var fields = FieldWriter()
        fields.add("firstAfter", firstAfter)
        fields.add("every", every)
        fields.add("jitter", jitter)
        fields.add("events", .array(events.map(\.written)))
        return fields.object
    }

    package var contentType: String? { ContentType.eventStream }

    package func ready(_ files: [String: [UInt8]]) throws(RuleMistake) -> any ReadyBody { try CompiledStream(self) }
}

extension StreamReply.Event {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("data", data)
        fields.add("text", text)
        fields.add("event", event)
        fields.add("id", id)
        fields.add("retry", retry)
        fields.add("comment", comment)
        fields.add("after", after)
        return fields.object
    }
}

extension StreamReply {
    package static let columns = [
        StoredColumn("first_after", .duration), StoredColumn("every", .duration), StoredColumn("jitter", .real),
    ]
    package static let frameColumns = [
        StoredColumn("data", .json), StoredColumn("text", .text), StoredColumn("event", .text),
        StoredColumn("event_id", .text), StoredColumn("retry", .integer), StoredColumn("comment", .text),
        StoredColumn("after", .duration),
    ]

    package init?(stored: [StoredValue?], frames: [[StoredValue?]]) {
        firstAfter = stored[0]?.duration
        every = stored[1]?.duration
        jitter = stored[2]?.real
        events = frames.map { Event(stored: $0) }
    }

    package var stored: [StoredValue?] {
        [firstAfter.map { .duration($0) }, every.map { .duration($0) }, jitter.map { .real($0) }]
    }

    package var storedFrames: [[StoredValue?]] { events.map(\.stored) }
}

extension StreamReply.Event {
    fileprivate init(stored: [StoredValue?]) {
        data = stored[0]?.json
        text = stored[1]?.text
        event = stored[2]?.text
        id = stored[3]?.text
        retry = stored[4]?.integer
        comment = stored[5]?.text
        after = stored[6]?.duration
    }

    fileprivate var stored: [StoredValue?] {
        [
            data.map { .json($0) }, text.map { .text($0) }, event.map { .text($0) }, id.map { .text($0) },
            retry.map { .integer($0) }, comment.map { .text($0) }, after.map { .duration($0) },
        ]
    }
}

extension ReplyKind where Self == StreamReply {
    package static func stream(_ stream: StreamReply) -> Self { stream }
}
