import JSON
import Testing

@Suite("JSON path") struct PathTests {
    static let value: Value = [
        "a": ["b": [["odd name": ["x": 1, "y": 2]], "last"]], "": 0, "my-key": 1, "@type": 2, "it's": 3, "0": 4,
        "é": 5, "q\"": 6, "n\n": 7,
    ]

    @Test(
        "a path gives every value at its place",
        arguments: [
            ("$.a.b[0]['odd name'].*", "[1,2]"), ("$.a.b[0]['odd name'].x", "[1]"), ("$.a.b[-1]", "[\"last\"]"),
            ("$.a.b[1]", "[\"last\"]"), ("$['']", "[0]"), ("$.my-key", "[1]"), ("$.@type", "[2]"),
            ("$['it\\'s']", "[3]"), ("$[\"it's\"]", "[3]"), ("$.0", "[4]"), ("$['0']", "[4]"), ("$.é", "[5]"),
            ("$['q\"']", "[6]"), ("$[\"q\\\"\"]", "[6]"), ("$['n\\n']", "[7]"), ("$.a.b[*].x", "[]"),
            ("$.a.b[*]['odd name'][*]", "[1,2]"), ("$.a.b.*", "[{\"odd name\":{\"x\":1,\"y\":2}},\"last\"]"),
            ("$.missing", "[]"), ("$.a.b[2]", "[]"), ("$.a.b[-3]", "[]"), ("$.a[0]", "[]"), ("$.a.b.c", "[]"),
            ("$[0]", "[]"), ("$.my-key.*", "[]"), ("$.a.b[999999999999999999]", "[]"),
        ])
    func all(path: String, found: String) throws {
        let path = try Path(path)
        let values = path.all(in: Self.value)
        #expect(Value.array(values).json() == found)
        #expect(path.lookup(in: Self.value) == values.first)
    }

    @Test("$ alone is the whole value")
    func root() throws {
        #expect(try Path("$").lookup(in: Self.value) == Self.value)
        #expect(try Path("$").steps.isEmpty)
    }

    @Test("of two members of one name the first is meant")
    func duplicates() throws {
        #expect(try Path("$.a").all(in: Value.parse(#"{"a":1,"a":2}"#)) == [1])
    }

    @Test(
        "what is no path is refused at its place, in plain words",
        arguments: [
            ("", "at character 1 of the path: a path starts with $, as in $.prompt"),
            ("prompt", "at character 1 of the path: a path starts with $, as in $.prompt"),
            ("$prompt", "at character 2 of the path: expected . or ["),
            ("$.", "at character 3 of the path: a name must follow the dot"),
            ("$.a.", "at character 5 of the path: a name must follow the dot"),
            ("$..a", "at character 3 of the path: searching at every depth (..) is not supported"),
            ("$.a b", "at character 4 of the path: expected . or ["),
            ("$.é[", "at character 5 of the path: expected an index, * or a name in quotes; filters are not supported"),
            ("$[a]", "at character 3 of the path: expected an index, * or a name in quotes; filters are not supported"),
            (
                "$[?(@.a)]",
                "at character 3 of the path: expected an index, * or a name in quotes; filters are not supported"
            ),
            ("$[-]", "at character 3 of the path: expected an index, * or a name in quotes; filters are not supported"),
            (
                "$[9999999999999999999]",
                "at character 3 of the path: expected an index, * or a name in quotes; filters are not supported"
            ),
            ("$[0", "at character 4 of the path: expected ]; slices, lists and filters are not supported"),
            ("$[0:2]", "at character 4 of the path: expected ]; slices, lists and filters are not supported"),
            ("$['a','b']", "at character 6 of the path: expected ]; slices, lists and filters are not supported"),
            ("$['a]", "at character 3 of the path: this name is not closed: its last quote is missing"),
            ("$['a\\'", "at character 3 of the path: this name is not closed: its last quote is missing"),
            ("$['a\\", "at character 5 of the path: this escape is not supported; write the character itself"),
            ("$['\\u0061']", "at character 4 of the path: this escape is not supported; write the character itself"),
            ("$*", "at character 2 of the path: expected . or ["),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: PathError.self) { try Path(text) }
        #expect(error?.description == message)
    }

    @Test("a path keeps its text and knows its wildcards")
    func text() throws {
        #expect(try Path("$.a[*]").text == "$.a[*]")
        #expect(try Path("$.a[*]").hasWildcard)
        #expect(try !Path("$['*']").hasWildcard)
    }
}
