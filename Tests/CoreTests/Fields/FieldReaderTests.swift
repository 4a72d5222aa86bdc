import JSON
import Testing

@testable import Fields

@Suite("Reading fields") struct FieldReaderTests {
    private let mistakes = MistakeList()

    private func reader(_ text: String) throws -> FieldReader {
        try #require(FieldReader(Node.parse(Array(text.utf8)), path: FieldPath.top.appending("x"), mistakes))
    }

    private var messages: [String] { mistakes.mistakes(file: "f", bytes: []).map { "\($0.path): \($0.message)" } }

    @Test("what is absent is nil and no mistake")
    func absent() throws {
        var fields = try reader("{}")
        #expect(fields.text("a") == nil && fields.integer("a", 0...1) == nil && fields.share("a") == nil)
        #expect(
            fields.bool("a") == nil && fields.duration("a") == nil && fields.texts("a") == nil
                && fields.field("a") == nil)
        fields.finish()
        #expect(mistakes.count == 0)
    }

    @Test("what nobody asked for is refused, with the names that are there")
    func unknown() throws {
        var fields = try reader(#"{"a": 1, "b": 2, "c d": 3}"#)
        _ = fields.field("a")
        #expect(fields.others.map(\.name) == ["b", "c d"])
        fields.finish()
        #expect(messages == [#"x.b: "b" is not known here"#, #"x["c d"]: "c d" is not known here"#])
        #expect(mistakes.mistakes(file: "f", bytes: []).map(\.hint) == ["there are a", "there are a"])
    }

    @Test("null is a value of the wrong kind, not an absent one")
    func null() throws {
        var fields = try reader(#"{"a": null}"#)
        #expect(fields.text("a") == nil)
        #expect(messages == ["x.a: expected a string, found null"])
    }

    @Test(
        "numbers beyond their range are refused, not wrapped",
        arguments: ["-1", "6", "1.0", "1e0", "9223372036854775808", "1e400"])
    func ranges(literal: String) throws {
        var fields = try reader("{\"a\": \(literal)}")
        #expect(fields.integer("a", 0...5) == nil)
        #expect(messages == ["x.a: \(literal) is not a whole number from 0 to 5"])
    }

    @Test("anything but an object has no fields")
    func noObject() throws {
        #expect(try FieldReader(Node.parse(Array("[]".utf8)), path: .top, mistakes) == nil)
        #expect(messages == [": expected an object, found an array"])
    }
}
