import JSON
import Testing

@Suite("JSON node") struct NodeTests {
    let text = Array("{\n  \"a\": [1, {\"b\": \"x\"}],\n  \"é\": true, \"n\": null, \"f\": 1.5\n}".utf8)

    @Test("every value and name knows where it stands")
    func offsets() throws {
        let node = try Node.parse(text)
        #expect(node.offset == 0)
        #expect(node.members?.map(\.nameOffset) == [4, 28, 40, 51])
        let inner = try #require(node["a"]?.array?[1]["b"])
        #expect(Position(of: inner.offset, in: text) == Position(of: 19, in: text))
        #expect(Position(of: inner.offset, in: text).description == "line 2, column 18")
        #expect(node["é"].map { Position(of: $0.offset, in: text).description } == "line 3, column 8")
    }

    @Test("it reads like a value and becomes one")
    func reading() throws {
        let node = try Node.parse(text)
        #expect(try node.value == Value.parse(text))
        #expect(node["a"]?.array?[0].integer == 1)
        #expect(node["a"]?.array?[1]["b"]?.text == "x")
        #expect(node["é"]?.bool == true)
        #expect(node["n"]?.isNull == true)
        #expect(node["f"]?.double == 1.5)
        #expect(node["f"]?.integer == nil)
        #expect(node["f"]?.isNull == false)
        #expect(node["zz"] == nil)
        #expect(node["a"]?["b"] == nil)
    }

    @Test(
        "its kind is named as people name it",
        arguments: [
            ("null", "null"), ("true", "true or false"), ("1", "a number"), ("\"\"", "a string"), ("[]", "an array"),
            ("{}", "an object"),
        ])
    func kinds(text: String, kind: String) throws {
        #expect(try Node.parse(Array(text.utf8)).kind == kind)
        #expect(try Value.parse(text).kind == kind)
    }

    @Test("comments and trailing commas keep the places right")
    func handwritten() throws {
        let text = Array("/* a */ [ // b\n  1, ]".utf8)
        let node = try Node.parse(text, .handwritten)
        #expect(node.offset == 8)
        #expect(node.array?.map(\.offset) == [17])
    }
}
