import Support
import Testing

@testable import UnderstudyCLI

@Suite("Progress") struct ProgressLineTests {
    private final class Clock {
        var now: Int64 = 1_000_000_000
    }

    private func line(_ columns: Int?) -> (ProgressLine, Clock, Gathered<String>) {
        let said = Gathered<String>()
        let console = Console(errorColumns: columns) { isError, bytes in
            said.add((isError ? "" : "out: ") + String(decoding: bytes, as: UTF8.self))
            return 0
        }
        let clock = Clock()
        return (ProgressLine(console) { clock.now }, clock, said)
    }

    @Test(
        "says what is done, how far it is, and of how much",
        arguments: [
            (nil, nil, "judging a.sqlite …"), (0, nil, "judging a.sqlite: 0 calls"),
            (1, nil, "judging a.sqlite: 1 call"),
            (5, 20, "judging a.sqlite: 5 of 20 calls, 25 %"), (1, 1, "judging a.sqlite: 1 of 1 call, 100 %"),
            (0, 0, "judging a.sqlite: 0 of 0 calls, 100 %"), (9, 8, "judging a.sqlite: 9 of 8 calls, 100 %"),
        ] as [(Int?, Int?, String)])
    func text(done: Int?, total: Int?, said: String) {
        #expect(ProgressLine.text("judging a.sqlite", done, of: total, "call") == said)
    }

    @Test("a file's name cannot steer the terminal")
    func hostileNames() {
        let text = ProgressLine.text("reading a\u{1B}[2J\nb", 1, of: nil, "call")
        #expect(!text.contains("\u{1B}") && !text.contains("\n"))
    }

    @Test("is one line that is written over, ten times a second at most, and is gone at the end")
    func rewriting() {
        let (line, clock, said) = line(80)
        line.begin("comparing", "pair", of: 4)
        line.reached(1)
        clock.now += 99_000_000
        line.reached(2)
        clock.now += 1_000_000
        line.reached(3)
        line.hide()
        line.hide()
        #expect(said.all == ["\rcomparing …\u{1B}[K", "\rcomparing: 3 of 4 pairs, 75 %\u{1B}[K", "\r\u{1B}[K"])
    }

    @Test("is cut to the terminal's width, whose last column stays free")
    func narrow() {
        let (line, _, said) = line(8)
        line.begin("comparing")
        #expect(said.all == ["\rcompari\u{1B}[K"])
    }

    @Test("is nothing at all where standard error is no terminal")
    func piped() {
        let (line, clock, said) = line(nil)
        line.begin("comparing")
        clock.now += 1_000_000_000
        line.reached(3)
        line.hide()
        #expect(said.all.isEmpty)
    }
}
