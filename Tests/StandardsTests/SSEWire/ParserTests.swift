import SSEWire
import Support
import Testing

@Suite("Event stream, read") struct ParserTests {
    static let transcripts: [(String, [Event])] = [
        ("data: Hello\n\n", [Event(text: "Hello")]),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\r\n", [Event(text: "a"), Event(text: "b"), Event(text: "c")]),
        // The four examples of the standard, 9.2.6.
        ("data: YHOO\ndata: +2\ndata: 10\n\n", [Event(text: "YHOO\n+2\n10")]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            [
                Event(comment: "test stream"), Event(text: "first event", id: "1"), Event(text: "second event", id: ""),
                Event(text: " third event"),
            ]
        ),
        ("data\n\ndata\ndata\n\ndata:", [Event(text: ""), Event(text: "\n")]),
        ("data:test\n\ndata: test\n\n", [Event(text: "test"), Event(text: "test")]),
        ("\u{FEFF}data: a\n\n", [Event(text: "a")]),
        ("\u{FEFF}\u{FEFF}data: a\n\n", []),
        ("data: a\n\n\u{FEFF}data: b\n\n", [Event(text: "a")]),
        ("event: delta\nevent: end\ndata: x\n\n", [Event(text: "x", event: "end")]),
        ("retry: 1500\n\nretry: 1 s\n\nretry: -1\n\nretry:\n\n", [Event(retry: 1500)]),
        ("retry: 99999999999999999999\n\n", []),
        ("id: a\0b\ndata: x\n\n", [Event(text: "x")]),
        ("Data: a\ndata : b\nother: c\n\n", []),
        (": one\n:two\n:\n\n", [Event(comment: "one\ntwo\n")]),
        ("\n\n\r\r\n", []),
        ("data: a: b:c\n\n", [Event(text: "a: b:c")]),
        ("data: é€😀\r\n\r\n", [Event(text: "é€😀")]),
        ("data: unfinished\n", []),
        ("data: unfinished", []),
        ("", []),
    ]

    @Test("every transcript gives its events, whole, byte by byte and split at every point", arguments: transcripts)
    func transcript(text: String, events: [Event]) {
        let bytes = Array(text.utf8)
        #expect(read([bytes]) == events)
        #expect(read(bytes.map { [$0] }) == events, "byte by byte")
        for place in 0...bytes.count {
            #expect(read([Array(bytes[..<place]), Array(bytes[place...])]) == events, "split at \(place)")
        }
    }

    @Test("the last event id stays until another one comes, an empty one takes it away, one with NUL does not")
    func lastEventID() {
        var parser = Parser()
        var seen: [String] = []
        for text in ["id: 1\n\n", "data: x\n\n", "id: 2\n", "\n", "id: a\0b\ndata: x\n\n", "id\n\n"] {
            _ = parser.feed(Array(text.utf8))
            seen.append(parser.lastEventID)
        }
        #expect(seen == ["1", "1", "1", "2", "2", ""])
    }

    @Test("what is not finished is counted, so that an endless event can be given up")
    func pending() {
        var parser = Parser()
        _ = parser.feed(Array("data: a\n\ndata: b\ndata".utf8))
        #expect(parser.pendingBytes == 11)
        _ = parser.feed(Array("\n\n".utf8))
        #expect(parser.pendingBytes == 0)
    }

    @Test("what an event writes, the parser reads", arguments: [UInt64(11), 12])
    func roundTrip(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for round in 0..<500 {
            var event = Event(text: Self.text(&chance, newlines: true))
            if Bool.random(using: &chance) { event.event = Self.text(&chance, newlines: false) }
            if Bool.random(using: &chance) { event.id = Self.text(&chance, newlines: false) }
            if Bool.random(using: &chance) { event.retry = Int.random(in: 0...100_000, using: &chance) }
            if Bool.random(using: &chance) { event.comment = Self.text(&chance, newlines: true) }
            #expect(read([event.bytes]) == [event], "seed \(seed), round \(round)")
        }
    }

    @Test("random bytes do no harm, however they are split", arguments: [UInt64(21), 22])
    func noise(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let pieces = ["data", ":", " ", "\n", "\r", "id", "retry", "event", "\u{FEFF}", "9", "\0", "é"].map {
            Array($0.utf8)
        }
        for round in 0..<500 {
            let bytes = (0..<40).flatMap { _ in pieces.randomElement(using: &chance) ?? [0xFF] }
            let place = Int.random(in: 0...bytes.count, using: &chance)
            let split = read([Array(bytes[..<place]), Array(bytes[place...])])
            #expect(read([bytes]) == split, "seed \(seed), round \(round)")
        }
    }

    private func read(_ pieces: [[UInt8]]) -> [Event] {
        var parser = Parser()
        return pieces.flatMap { parser.feed($0) }
    }

    private static func text(_ chance: inout SeededGenerator, newlines: Bool) -> String {
        let pieces = ["a", " ", ":", "é", "😀", "data: "] + (newlines ? ["\n"] : [])
        return (0..<Int.random(in: 0..<6, using: &chance)).map { _ in pieces.randomElement(using: &chance) ?? "" }
            .joined()
    }
}
