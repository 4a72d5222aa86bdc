@testable import Fields
@testable import Rules
import Testing

@Suite("Checks of texts") struct TextCheckTests {
    @Test("each check lets its own kind through and says what is wrong with others")
    func checks() {
        for (check, good, bad) in [
            (TextCheck.notEmpty, "a", ""), (.duration, "1.5s", "1.5"), (.glob, "a*", "a b"), (.call, "every 3", "3rd"),
            (.expression, "a+", "a++"), (.jsonPath, "$.a", "$a"), (.template, "{{call}}", "{{calls}}"),
            (.moment, "2026-01-15T12:00:00+01:00", "2026-01-15"), (.serviceError, "ConflictException", "conflict"),
            (.operation, "Stop*", "stop"), (.operation, "GetAgentCard", "GetCard"), (.headerName, "X-A", "X:"),
            (.oneOf(["a", "b"]), "b", "c"),
        ] {
            #expect(check.problem(good) == nil, "\(good)")
            #expect(check.problem(bad)?.message.isEmpty == false, "\(bad)")
        }
    }

    @Test("long texts are quoted in short")
    func quoting() {
        #expect(TextCheck.quoted(String(repeating: "x", count: 1_000)).utf8.count < 80)
        #expect(TextCheck.quoted("a\n\"") == #""a\n\"""#)
    }
}
