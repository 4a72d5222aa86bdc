import Bytes

/// What a text is made of, besides being one.
enum SearchedForm {
    case text
    /// `text/event-stream`.
    case events
    /// Messages of a conversation; where each ends.
    case messages([Int])
}

/// What the events of a `text/event-stream`, or the messages of a conversation, say one after the other, without what
/// frames them: a model that spells a secret word by word puts each word into an event of its own.
struct EventTexts {
    private static let most = 32

    /// The data of each event, as a client reads it (HTML standard, 9.2.6), or each message.
    private(set) var events: [DecodedText] = []
    /// What the same place of every event says, in a row.
    private(set) var texts: [DecodedText] = []
    private var places: [UInt64: Int] = [:]
    /// Where it stands what they say, ascending: all around it frames it.
    private var contents: [Range<Int>] = []

    init(stream: DecodedText) {
        readEvents(stream)
        for event in events { add(event) }
    }

    init(messages: DecodedText, endingAt ends: [Int]) {
        var start = 0
        for end in ends where end > start {
            events.append(messages.part(start..<end))
            start = end
        }
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
                var data = event ?? DecodedText()
                if event != nil { data.append(UInt8(ascii: "\n")) }
                event = nil
                data.append(from..<end, of: stream)
                event = data
            }
            start = end + (isPair ? 2 : 1)
        }
        if let event { events.append(event) }
    }

    private mutating func add(_ event: DecodedText) {
        var places = JSONPlaces(event.bytes)
        var strings: [(place: UInt64, content: Range<Int>)] = []
        let isJSON = places.visitStrings { strings.append(($0, $1)) }
        guard isJSON else {
            contents += event.places(of: event.bytes.indices)
            return add(event.bytes.indices, of: event, to: 0)
        }
        for (place, content) in strings {
            contents += event.places(of: content)
            if let decoded = event.withoutEscapes(content) {
                add(decoded.bytes.indices, of: decoded, to: place)
            } else {
                add(content, of: event, to: place)
            }
        }
    }

    private mutating func add(_ part: Range<Int>, of text: DecodedText, to place: UInt64) {
        let index = places[place] ?? texts.count
        if index == texts.count {
            guard index < Self.most else { return }
            places[place] = index
            texts.append(DecodedText())
        }
        texts[index].append(part, of: text)
    }

    /// What of a place in the stream may be replaced, so that the events stay what they are: of what begins in a string and
    /// goes on behind it, the strings; of what begins elsewhere and goes on in other lines, its own line and the strings.
    func withoutFrames(_ place: Range<Int>, in stream: [UInt8]) -> [Range<Int>] {
        let first = firstContent(endingBehind: place.lowerBound)
        guard first < contents.count, contents[first].lowerBound <= place.lowerBound else {
            let end = ByteSearch.first(UInt8(ascii: "\n"), in: stream.span, place)
            return end == place.upperBound
                ? [place] : [place.lowerBound..<end] + parts(of: end..<place.upperBound, first)
        }
        return place.upperBound <= contents[first].upperBound ? [place] : parts(of: place, first)
    }

    private func parts(of place: Range<Int>, _ first: Int) -> [Range<Int>] {
        contents[first...].prefix { $0.lowerBound < place.upperBound }.map { $0.clamped(to: place) }
            .filter { !$0.isEmpty }
    }

    private func firstContent(endingBehind place: Int) -> Int {
        var (low, high) = (0, contents.count)
        while low < high {
            let middle = (low + high) / 2
            if contents[middle].upperBound > place { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
