import JSON
import Testing

@testable import Rules

@Suite("Payloads") struct PayloadTests {
    private func path(_ text: String) throws -> Path { try Path(text) }

    @Test("places are found one after the other, by scanning or by parsing")
    func places() throws {
        var payload = Payload(Array(#"{"a": {"b": [1, "x"]}, "c": null}"#.utf8))
        #expect(try payload.value(at: path("$.a.b[1]")) == "x")
        #expect(try payload.value(at: path("$.a.b[1]")) == "x")
        #expect(try payload.value(at: path("$.a.b[-2]")) == 1)
        #expect(try payload.value(at: path("$.c")) == .null)
        #expect(try payload.value(at: path("$.d")) == nil)
        #expect(try payload.values(at: path("$.a.b[*]")) == [1, "x"])
        #expect(try payload.values(at: path("$.d")) == [])
    }

    @Test("what is not JSON stands as text", arguments: ["hello", "{\"a\": ", "", "{\"a\":1} x"])
    func text(body: String) throws {
        var payload = Payload(Array(body.utf8))
        #expect(try payload.value(at: path("$")) == .string(body))
        #expect(try payload.value(at: path("$.prompt")) == nil)
    }

    @Test("bytes that are no UTF-8 give replacement characters, deep nesting gives text")
    func hostile() throws {
        var broken = Payload([0x22, 0xFF, 0x22])
        #expect(broken.whole == .string("\"\u{FFFD}\""))
        let deep = String(repeating: "[", count: 100_000)
        var nested = Payload(Array(deep.utf8))
        #expect(nested.whole == .string(deep))
    }

    @Test(
        "a body is JSON whole or not at all, whatever was asked for before",
        arguments: [#"{"prompt":"sushi""#, #"{"prompt":"sushi"} x"#, #"{"prompt":"sushi","n":01}"#])
    func whole(body: String) throws {
        for places in [["$.prompt"], ["$.absent", "$.prompt"], ["$", "$.prompt"], ["$.absent[*]", "$.prompt"]] {
            var payload = Payload(Array(body.utf8))
            #expect(try places.map { try payload.value(at: path($0)) }.last == .some(nil), "\(places)")
        }
    }

    @Test("many places cost no more than all of it, and are found all the same")
    func many() throws {
        let members = (0..<20).map { #""m\#($0)": \#($0)"# }.joined(separator: ", ")
        var payload = Payload(Array("{\(members)}".utf8))
        for _ in 0..<2 {
            for number in 0..<20 { #expect(try payload.value(at: path("$.m\(number)")) == Value(number)) }
            #expect(try payload.value(at: path("$.m20")) == nil)
        }
    }
}
