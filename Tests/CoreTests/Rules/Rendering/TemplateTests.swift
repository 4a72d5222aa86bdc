import JSON
import Testing

@testable import Rules

@Suite("Templates") struct TemplateTests {
    @Test("a text is its plain pieces and its holes")
    func pieces() throws {
        #expect(
            try Template("You said {{payload.prompt}}, {{ user }}!").pieces == [
                .text("You said "), .hole(.payload(Path("$.prompt"))), .text(", "), .hole(.user), .text("!"),
            ])
        #expect(try Template("{{header.X-Tenant}}").onlyHole == .header(Array("x-tenant".utf8)))
        #expect(try Template(#"{{payload.a.b[0]['odd name']}}"#).onlyHole == .payload(Path("$.a.b[0]['odd name']")))
        #expect(try Template("{{payload}}").onlyHole == .payload(Path("$")))
    }

    @Test(
        "without a hole it is its own text; four braces are two",
        arguments: [
            ("", ""), ("plain", "plain"), ("{", "{"), ("}}", "}}"), ("a { b } c", "a { b } c"), ("{{{{", "{{"),
            ("{{{{payload}}", "{{payload}}"), ("é{{{{ü", "é{{ü"), (#"{"a": {"b": 1}}"#, #"{"a": {"b": 1}}"#),
        ])
    func constants(text: String, expected: String) throws {
        #expect(try Template(text).constant == expected)
        #expect(try Template(text).onlyHole == nil)
    }

    @Test("braces around a hole are text")
    func braces() throws {
        #expect(try Template(#"{"x":{{call}}}"#).pieces == [.text(#"{"x":"#), .hole(.call), .text("}")])
    }

    @Test(
        "what nobody knows is refused",
        arguments: [
            ("{{", "never closed"), ("a {{payload.x", "never closed"), ("{{payload.x}", "never closed"),
            ("{{prompt}}", "{{prompt}} is unknown"), ("{{}}", "{{}} is unknown"),
            ("{{Session}}", "{{Session}} is unknown"),
            ("{{payloads}}", "{{payloads}} is unknown"), ("{{header.}}", "names no header field"),
            ("{{header.a b}}", "names no header field"), ("{{payload.a..b}}", "searching at every depth"),
            ("{{payload.a[x]}}", "expected an index"), ("{{header}}", "{{header}} is unknown"),
        ])
    func refused(text: String, message: String) {
        #expect { _ = try Template(text) } throws: { ($0 as? RuleMistake)?.message.contains(message) == true }
    }
}
