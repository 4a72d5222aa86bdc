import JSON
import Testing

@Suite("JSON writing") struct WritingTests {
    static let value: Value = [
        "a": [1, .number("1.50"), .null], "é": ["x": true, "y": .bool(false)], "e": [:], "l": [],
    ]

    @Test("compact leaves no space")
    func compact() {
        #expect(Self.value.json() == #"{"a":[1,1.50,null],"é":{"x":true,"y":false},"e":{},"l":[]}"#)
        #expect(Self.value.compact == Array(Self.value.json().utf8))
    }

    @Test("spaced separates as Python's json.dumps does")
    func spaced() {
        #expect(Self.value.json(.spaced) == #"{"a": [1, 1.50, null], "é": {"x": true, "y": false}, "e": {}, "l": []}"#)
    }

    @Test("pretty takes a line each and two spaces a level")
    func pretty() {
        #expect(
            Self.value.json(.pretty) == """
                {
                  "a": [
                    1,
                    1.50,
                    null
                  ],
                  "é": {
                    "x": true,
                    "y": false
                  },
                  "e": {},
                  "l": []
                }
                """)
    }

    @Test("it is appended to what is there", arguments: [Style.compact, .spaced, .pretty])
    func appending(style: Style) {
        var bytes = Array("data: ".utf8)
        Value.string("a").append(to: &bytes, style)
        #expect(bytes == Array("data: \"a\"".utf8))
    }
}
