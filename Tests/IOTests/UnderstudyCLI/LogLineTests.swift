import JSON
import Journal
import Testing
import Time

@testable import UnderstudyCLI

@Suite("Lines of the log") struct LogLineTests {
    private let now = Instant(nanoseconds: 1_768_478_400_123_456_789)

    @Test("a message: plain, and yellow where a warning meets a terminal")
    func messages() {
        let plain = LogLine(format: .text, isColoured: false)
        #expect(plain.line(.warning, "look", at: now) == "look")
        let coloured = LogLine(format: .text, isColoured: true)
        #expect(coloured.line(.warning, "look", at: now) == "\u{1B}[33mlook\u{1B}[0m")
        #expect(coloured.line(.info, "look", at: now) == "look")
        #expect(
            LogLine(format: .json, isColoured: true).line(.warning, "a\nb", at: now)
                == #"{"time":"2026-01-15T12:00:00.123456789Z","level":"warning","message":"a\nb"}"#)
    }

    @Test(
        "a message that holds what a client sent is one line, and commands no terminal",
        arguments: [
            ("for a\n12:00:00.000  #7  200  x", "for a\u{FFFD}12:00:00.000  #7  200  x"),
            ("a\r\nb", "a\u{FFFD}\u{FFFD}b"),
            ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("\u{9B}2J", "\u{FFFD}2J"), ("a\u{202E}b", "a\u{FFFD}b"),
            ("é “x” …", "é “x” …"),
        ])
    func foreignText(message: String, line: String) {
        #expect(LogLine(format: .text, isColoured: false).line(.warning, message, at: now) == line)
        #expect(LogLine(format: .text, isColoured: false).line(.info, message, at: now) == line)
        #expect(
            LogLine(format: .text, isColoured: true).line(.warning, message, at: now) == "\u{1B}[33m\(line)\u{1B}[0m")
    }

    @Test("a call: the line that the journal shows, with the time of day alone")
    func calls() {
        let call = SampleCall.full(1).record
        #expect(LogLine(format: .text, isColoured: false).line(call) == CallLine(call).text(withDate: false))
        #expect(LogLine(format: .text, isColoured: true).line(call).contains("\u{1B}[32m200\u{1B}[0m"))
    }

    @Test("a call as JSON: one object, every fact by name, nothing that is not known")
    func json() throws {
        let line = LogLine(format: .json, isColoured: true).line(SampleCall.full(1).record)
        let value = try Value.parse(line)
        #expect(value["call"]?.integer == 1 && value["status"]?.integer == 200)
        #expect(value["milliseconds"]?.double == 1.2)
        #expect(value["why"]?.text == "the signature does not match" && value["outcome"]?.text == "completed")
        #expect(!line.contains("\u{1B}") && !line.contains("\n"))
        let bare = try Value.parse(LogLine(format: .json, isColoured: false).line(SampleCall.bare(1).record))
        #expect(bare["rule"] == nil && bare["status"]?.isNull == true)
        #expect(bare["path"]?.text == "/runtimes/a/invocations")
    }
}
