import Testing

@testable import Scenarios

@Suite("Paths in mistakes") struct TrailTests {
    @Test("names that are words stand after a dot, others in quotes, indexes in brackets")
    func text() {
        #expect(Trail.top.text == "")
        let rule = Trail.top.appending("rules").appending(2)
        #expect(rule.text == "rules[2]" && rule.appending("when").appending("call").text == "rules[2].when.call")
        #expect(rule.appending("X-Name").text == #"rules[2]["X-Name"]"# && Trail.top.appending("").text == #"[""]"#)
        #expect(rule.appending("a\"b\n").text == #"rules[2]["a\"b\n"]"#)
    }
}
