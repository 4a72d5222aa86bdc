import JSON
import Testing

@testable import Fields

@Suite("An outline") struct OutlineTests {
    /// What a reader asks for, as text: `name:kind!` for what has to be there.
    private func told(_ read: (inout FieldReader) -> Void) -> [String] {
        let outline = Outline()
        var fields = FieldReader(outlining: outline)
        read(&fields)
        return outline.fields.map { field in
            "\(field.name):\(field.kinds.map(name).joined(separator: "|"))\(field.isNeeded ? "!" : "")"
        }
    }

    private func name(_ kind: Outline.Kind) -> String {
        switch kind {
        case .anything: "anything"
        case .text(let words): words.map { "one of \($0.joined(separator: ","))" } ?? "text"
        case .duration: "duration"
        case .integer(let range): "\(range.lowerBound)-\(range.upperBound)"
        case .share: "share"
        case .bool: "bool"
        case .texts: "texts"
        case .list(let outline): "[\(outline.fields.map(\.name).joined(separator: ","))]"
        case .object(let outline): "{\(outline.fields.map(\.name).joined(separator: ","))}"
        }
    }

    @Test("tells the fields in the order in which they are read, each with its kind")
    func kinds() {
        let fields = told {
            _ = $0.requiredText("name", .notEmpty)
            _ = $0.text("color", .oneOf(["red", "blue"]))
            _ = $0.integer("count", 1...3)
            _ = $0.duration("after")
            _ = $0.field("data")
            _ = $0.required("size", { $0.share($1) })
        }
        #expect(
            fields == [
                "name:text!", "color:one of red,blue", "count:1-3", "after:duration", "data:anything", "size:share!",
            ])
    }

    @Test("goes into objects and lists that are not there")
    func inner() {
        let fields = told {
            _ = $0.list("events") { $0.text("data") }
            guard $0.required("when") != nil else { return }
            _ = $0.object("when") { $0.bool("on") }
        }
        #expect(fields == ["events:[data]", "when:{on}!"])
    }

    @Test("tells every way in which a field can be written")
    func ways() {
        let fields = told {
            _ = $0.either("error", expected: "a name") {
                $0.text("error")
            } object: {
                $0.object("error") { $0.text("message") }
            }
        }
        #expect(fields == ["error:text|{message}"])
    }

    @Test("a field of several ways that is written in none of them is refused")
    func refused() throws {
        let list = MistakeList()
        let node = try Node.parse(Array(#"{"error": [1]}"#.utf8), Options())
        var fields = try #require(FieldReader(node, path: .top, list))
        let found = fields.either("error", expected: "a name") { $0.text("error") }
        #expect(found == nil && list.mistakes.map(\.message) == ["expected a name, found an array"])
    }

    @Test("members of any name stand for one another")
    func others() {
        let fields = told {
            for member in $0.others { _ = $0.text(member.name) }
        }
        #expect(fields == ["*:text"])
    }
}
