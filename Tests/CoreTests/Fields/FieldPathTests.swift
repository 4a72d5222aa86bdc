@testable import Fields
import Testing

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
