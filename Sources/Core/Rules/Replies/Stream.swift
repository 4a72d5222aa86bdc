import Fields
import JSON

package struct Stream: Equatable, Sendable {
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

/// `rules[…].reply.stream`
enum StreamReader {
    static func read(_ fields: inout FieldReader) -> Stream? {
        var stream = Stream()
        stream.firstAfter = fields.duration("firstAfter")
        stream.every = fields.duration("every")
        stream.jitter = fields.share("jitter")
        guard fields.required("events") != nil else { return nil }
        stream.events = fields.list("events", event) ?? []
        return stream
    }

    private static func event(_ fields: inout FieldReader) -> Stream.Event? {
        var event = Stream.Event()
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

extension Stream {
    var written: Value {
        var fields = FieldWriter()
        fields.add("firstAfter", firstAfter)
        fields.add("every", every)
        fields.add("jitter", jitter)
        fields.add("events", .array(events.map(\.written)))
        return fields.object
    }
}

extension Stream.Event {
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
