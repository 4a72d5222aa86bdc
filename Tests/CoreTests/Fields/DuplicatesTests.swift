import Testing

@Suite("Names that stand twice") struct DuplicatesTests {
    @Test("a name may stand in an object once, wherever that object is")
    func members() {
        #expect(
            mistakes(
                in:
                    #"{"understudy": 1, "rules": [{"reply": {"json": [{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}]}}], "rules": []}"#
            ) == [
                #"rules[0].reply.json[0].b.c: "c" stands in this object twice"#,
                #"rules[0].reply.json[0].a: "a" stands in this object twice"#,
                #"rules: "rules" stands in this object twice"#,
            ])
    }

    @Test("names are the same byte by byte only")
    func bytes() {
        #expect(
            mistakes(
                in: #"{"understudy": 1, "rules": [{"reply": {"json": {"é": 1, "e\#u{301}": 2, "E": 3, "e": 4}}}]}"#)
                == [])
    }
}
