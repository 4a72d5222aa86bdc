import Bytes
import JSON

/// What the events of a `text/event-stream` say one after the other, without what frames them: a model that spells a
/// secret word by word puts each word into an event of its own.
struct EventTexts {
    private static let most = 32

    /// The data of each event, as a client reads it (HTML standard, 9.2.6).
    private(set) var events: [DecodedText] = []
    /// What the same place of every event says, in a row.
    private(set) var texts: [DecodedText] = []
    private var places: [[Path.Step]: Int] = [:]

    init(_ stream: DecodedText) {
        readEvents(stream)
        for event in events { add(event) }
    }

    private mutating func readEvents(_ stream: DecodedText) {
        var event: DecodedText?
        var start = 0
        let bytes = stream.bytes
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") { end += 1 }
            let isPair =
                end + 1 < bytes.count && bytes[end] == UInt8(ascii: "\r") && bytes[end + 1] == UInt8(ascii: "\n")
            if start == end {
                if let event { events.append(event) }
                event = nil
            } else if bytes[start..<end].starts(with: "data:".utf8) {
                var from = start + 5
                if from < end, bytes[from] == UInt8(ascii: " ") { from += 1 }
                if event == nil { event = DecodedText() } else { event?.append(UInt8(ascii: "\n"), standingAt: 0..<0) }
                event?.append(stream.part(from..<end))
            }
            start = end + (isPair ? 2 : 1)
        }
        if let event { events.append(event) }
    }

    private mutating func add(_ event: DecodedText) {
        var places = JSONPlaces(event.bytes)
        var strings: [([Path.Step], Range<Int>)] = []
        let isJSON = places.visit { steps, range in
            guard event.bytes[range.lowerBound] == UInt8(ascii: "\"") else { return }
            // Indexes count within one event; what is said goes on whatever they are.
            strings.append((steps.map { if case .index = $0 { .all } else { $0 } }, range))
        }
        guard isJSON else { return add(event, to: []) }
        for (steps, range) in strings {
            let content = range.lowerBound + 1..<range.upperBound - 1
            add(event.withoutEscapes(content) ?? event.part(content), to: [.all] + steps)
        }
    }

    private mutating func add(_ text: DecodedText, to place: [Path.Step]) {
        let index = places[place] ?? texts.count
        if index == texts.count {
            guard index < Self.most else { return }
            places[place] = index
            texts.append(DecodedText())
        }
        texts[index].append(text)
    }
}
