import JSON
import Testing

@Suite("JSON options") struct OptionsTests {
    @Test(
        "comments stand wherever space may",
        arguments: [
            "// a\n1", "1 // a", "/* a */ 1 /* b */", "[/**/1,/* ] */2//]\n]", "{//\n\"a\"/**/:/***/1//\n}", "1//",
            "/* // */1", "// é\r\n1", "/*\n*//**/1",
        ])
    func comments(text: String) throws {
        _ = try Value.parse(text, Options(comments: true))
        #expect(throws: SyntaxError.self) { try Value.parse(text) }
    }

    @Test(
        "a comment that is none is refused",
        arguments: [
            ("/* a", 0, "this comment is not closed: */ is missing"),
            ("1 /*/", 2, "this comment is not closed: */ is missing"),
            ("/", 0, "a comment starts with // or /*"), ("[1 / 2]", 3, "a comment starts with // or /*"),
            ("// only", 7, "there is no value: the text is empty"),
        ])
    func badComments(text: String, offset: Int, message: String) {
        let refused = #expect(throws: SyntaxError.self) { try Value.parse(text, .handwritten) }
        #expect(refused?.message == message)
        #expect(refused?.offset == offset)
    }

    @Test("slashes in strings are no comments")
    func slashes() throws {
        #expect(try Value.parse(#""http://a/*b*/""#, .handwritten).text == "http://a/*b*/")
    }

    @Test("one comma may trail, not two, and not one alone")
    func trailingCommas() throws {
        let options = Options(trailingCommas: true)
        #expect(try Value.parse("[1,]", options) == [1])
        #expect(try Value.parse("{\"a\":[1 , ] , }", options) == ["a": [1]])
        for text in ["[,]", "{,}", "[1,,]", "{\"a\":1,,}", "1,"] {
            #expect(throws: SyntaxError.self, "\(text)") { try Value.parse(text, options) }
        }
    }

    @Test("a name that stands twice is found among few and among many, beside others", arguments: 1...40)
    func duplicateAmongMany(count: Int) throws {
        let members = (0..<count).map { "\"\($0)\":{\"0\":1,\"1\":2}" }
        let whole = "{\(members.joined(separator: ","))}"
        #expect(try Value.parse(whole, Options(duplicateMembers: .refuse)).members?.count == count)
        for repeated in 0..<count {
            let text = "{\((members + [members[repeated]]).joined(separator: ","))}"
            #expect(throws: SyntaxError.self) { try Value.parse(text, Options(duplicateMembers: .refuse)) }
        }
    }

    @Test("a name that stands twice is kept or refused at its second place")
    func duplicates() throws {
        let text = #"{"a":1,"b":{"a":2},"\u0061":3}"#
        #expect(try Value.parse(text).members?.map(\.name) == ["a", "b", "a"])
        let refused = #expect(throws: SyntaxError.self) {
            try Value.parse(text, Options(duplicateMembers: .refuse))
        }
        #expect(refused?.message == "the name \"a\" stands in this object twice")
        #expect(refused?.offset == 19)
        _ = try Value.parse(#"[{"a":1},{"a":1}]"#, Options(duplicateMembers: .refuse))
        _ = try Value.parse("{\"\u{E9}\":1,\"e\u{301}\":2}", Options(duplicateMembers: .refuse))
    }

    @Test("ten thousand different names are read, and the same one at the end is refused")
    func manyNames() throws {
        let names = (0..<10_000).map { "\"n\($0)\":0" }.joined(separator: ",")
        let options = Options(duplicateMembers: .refuse)
        #expect(try Value.parse("{\(names)}", options).members?.count == 10_000)
        #expect(throws: SyntaxError.self) { try Value.parse("{\(names),\"n0\":0}", options) }
    }

    @Test("the depth is the caller's choice")
    func depth() throws {
        #expect(try Value.parse("1", Options(maximumDepth: 0)) == 1)
        #expect(try Value.parse("[[]]", Options(maximumDepth: 2)) == [[]])
        #expect(throws: SyntaxError.self) { try Value.parse("[[]]", Options(maximumDepth: 1)) }
        #expect(throws: SyntaxError.self) { try Value.parse("[]", Options(maximumDepth: 0)) }
    }
}
