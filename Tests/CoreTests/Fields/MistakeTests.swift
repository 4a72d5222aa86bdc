import Testing

@testable import Fields

@Suite("Mistakes") struct MistakeTests {
    @Test("a mistake reads as file, place, path, message and hint")
    func description() {
        let place = Mistake.Place(file: "a.json", line: 12, column: 9)
        let mistake = Mistake("m", hint: "h", path: "rules[2].when.call", at: place)
        #expect(mistake.description == "a.json:12:9: rules[2].when.call: m; h")
        #expect(Mistake("m", at: place).description == "a.json:12:9: m")
        #expect(Mistake("m", hint: "h", path: "at").description == "at: m; h")
        #expect(Mistakes([mistake, Mistake("m")]).description.split(separator: "\n").count == 2)
    }

    @Test("places count lines and characters, and come in the order of the file")
    func places() {
        let list = MistakeList()
        #expect(list.count == 0)
        for offset in [9, 0, 3, 9, 1_000] {
            list.add("at \(offset)", at: offset, path: .top.appending("p"))
        }
        let found = list.mistakes(file: "f", bytes: Array("ä\r\nöü\nx".utf8))
        #expect(
            found.map { "\($0.lineAndColumn) \($0.message)" } == [
                "1:1 at 0", "1:3 at 3", "3:1 at 9", "3:1 at 9", "3:2 at 1000",
            ])
        #expect(list.mistakes.map(\.description).prefix(2) == ["p: at 9", "p: at 0"])
    }
}

@Suite("Paths in mistakes") struct FieldPathTests {
    @Test("names that are words stand after a dot, others in quotes, indexes in brackets")
    func text() {
        #expect(FieldPath.top.text == "")
        let rule = FieldPath.top.appending("rules").appending(2)
        #expect(rule.text == "rules[2]" && rule.appending("when").appending("call").text == "rules[2].when.call")
        #expect(rule.appending("X-Name").text == #"rules[2]["X-Name"]"# && FieldPath.top.appending("").text == #"[""]"#)
        #expect(rule.appending("a\"b\n").text == #"rules[2]["a\"b\n"]"#)
    }
}
