import SSEWire
import Testing

@Suite("Event, written") struct EventTests {
    @Test(
        "fields leave one a line, with one space, and a blank line ends the event",
        arguments: [
            (Event(text: "Hello"), "data: Hello\n\n"),
            (Event(text: ""), "data: \n\n"),
            (Event(text: " two"), "data:  two\n\n"),
            (Event(text: "{\"a\": 1}", event: "delta", id: "7"), "event: delta\nid: 7\ndata: {\"a\": 1}\n\n"),
            (Event(retry: 1500), "retry: 1500\n\n"),
            (Event(comment: "ping"), ": ping\n\n"),
            (Event(data: [0x61], comment: "one\ntwo"), ": one\n: two\ndata: a\n\n"),
            (Event(id: ""), "id: \n\n"),
            (Event(), "\n"),
        ])
    func written(event: Event, text: String) {
        #expect(String(decoding: event.bytes, as: UTF8.self) == text)
    }

    @Test(
        "data of several lines leaves as several data lines, whatever ends them",
        arguments: ["a\nb\n\nc", "a\rb\r\rc", "a\r\nb\r\n\r\nc", "a\rb\n\r\nc"])
    func lines(text: String) {
        #expect(Event(text: text).bytes == Array("data: a\ndata: b\ndata: \ndata: c\n\n".utf8))
    }

    @Test("a newline at either end of the data is kept")
    func outerNewlines() {
        #expect(Event(text: "\na\n").bytes == Array("data: \ndata: a\ndata: \n\n".utf8))
    }

    @Test("neither event, id nor comment can smuggle in a line of its own")
    func smuggling() {
        let event = Event(data: nil, event: "a\ndata: x", id: "1\r\n\0data: y", comment: "z\r\rdata: w")
        #expect(
            String(decoding: event.bytes, as: UTF8.self)
                == ": z\n: \n: data: w\nevent: a data: x\nid: 1   data: y\n\n")
        var parser = Parser()
        #expect(parser.feed(event.bytes).map(\.isDispatched) == [false])
    }

    @Test("a wait below zero is not written")
    func negativeRetry() { #expect(Event(text: "a", id: nil).bytes == Event(data: [0x61], retry: -1).bytes) }

    @Test("bytes that are not UTF-8 leave as they are, and are U+FFFD as text")
    func broken() {
        let event = Event(data: [0xE2, 0x82])
        #expect(event.bytes == Array("data: ".utf8) + [0xE2, 0x82, 0x0A, 0x0A])
        #expect(event.text == "\u{FFFD}")
    }
}
