@testable import Fields
import Testing

@Suite("Mistakes") struct MistakeTests {
    @Test("a mistake reads as file, place, path, message and hint")
    func description() {
        let mistake = Mistake(file: "a.json", line: 12, column: 9, path: "rules[2].when.call", message: "m", hint: "h")
        #expect(mistake.description == "a.json:12:9: rules[2].when.call: m; h")
        #expect(Mistake(file: "a", line: 1, column: 1, path: "", message: "m").description == "a:1:1: m")
    }

    @Test("places count lines and characters, and come in the order of the file")
    func places() {
        let list = MistakeList()
        #expect(list.isEmpty)
        for offset in [9, 0, 3, 9, 1_000] { list.add("at \(offset)", at: offset, path: .top.appending("p")) }
        let found = list.mistakes(file: "f", bytes: Array("ä\r\nöü\nx".utf8))
        #expect(
            found.map { "\($0.line):\($0.column) \($0.message)" } == [
                "1:1 at 0", "1:3 at 3", "3:1 at 9", "3:1 at 9", "3:2 at 1000",
            ])
    }
}
