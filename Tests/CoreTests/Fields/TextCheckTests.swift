import Testing

@testable import Fields
@testable import Rules

@Suite("Checks of texts") struct TextCheckTests {
    @Test("each check lets its own kind through and says what is wrong with others")
    func checks() {
        for (check, good, bad) in [
            (TextCheck.notEmpty, "a", ""), (.duration, "1.5s", "1.5"), (.glob, "a*", "a b"), (.call, "every 3", "3rd"),
            (.jsonPath, "$.a", "$a"), (.template, "{{call}}", "{{calls}}"),
            (.moment, "2026-01-15T12:00:00+01:00", "2026-01-15"), (.name(among: ["GetCard"]), "Get*", "get"),
            (.name(among: ["GetCard"]), "GetCard", "GetAgentCard"), (.headerName, "X-A", "X:"),
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

@Suite("Near names") struct NearNameTests {
    @Test(
        "one slip of the finger is near, another word is not",
        arguments: [
            ("protcol", "protocol"), ("Protocol", "protocol"), ("agetns", "agents"), ("agent", "agents"),
            ("ruels", "rules"), ("xyz", nil), ("", nil), ("a", nil), (String(repeating: "a", count: 100_000), nil),
        ]) func hints(word: String, near: String?)
    {
        let hint = NearName.hint(for: word, among: ["agents", "protocol", "rules"])
        #expect(hint == near.map { "did you mean \"\($0)\"?" })
    }

    @Test("distances: change, add, leave out, exchange neighbours") func distances() {
        func distance(_ left: String, _ right: String) -> Int { NearName.distance(Array(left.utf8), Array(right.utf8)) }
        #expect(distance("abc", "abc") == 0 && distance("abc", "abd") == 1 && distance("abc", "abcd") == 1)
        #expect(distance("abc", "ac") == 1 && distance("abc", "acb") == 1 && distance("", "abc") == 3)
    }
}
