import Bytes
import Testing

@testable import Redaction

@Suite("Secrets in multipart forms") struct MultipartSecretsTests {
    private static func form(_ name: String, _ value: String, line: String = "\r\n") -> String {
        [
            "--bb", "Content-Disposition: form-data; name=\"user\"", "", "anna",
            "--bb", "content-disposition: form-data; name=\"\(name)\"", "Content-Type: text/plain", "", value,
            "--bb--", "",
        ].joined(separator: line)
    }

    @Test(
        "are found by their names",
        arguments: [
            ("password", "correct horse -- 1", "password"), ("dbPassword", "two\r\n--lines", "password"),
            ("access_token", "9f8e7d6c5b4a", "token"), ("token", "opaque-4711", "token"),
        ], ["\r\n", "\n"])
    func named(_ part: (name: String, value: String, kind: String), _ line: String) throws {
        var redactor = try RedactorTests.redactor()
        let text = Self.form(part.name, part.value, line: line)
        #expect(try RedactorTests.scan(Array(text.utf8)) == ["\(part.kind) in here"])
        let redacted = redactor.redact(text)
        #expect(redacted == Self.form(part.name, "[\(part.kind)-1]", line: line))
        #expect(try RedactorTests.scan(Array(redacted.utf8)).isEmpty)
    }

    @Test("in JSON, in base64, and byte by byte")
    func forms() throws {
        let form = Self.form("password", "hunter2")
        for text in [
            "{\"body\":\"\(form.replacing("\r\n", with: "\\r\\n").replacing("\"", with: "\\\""))\"}",
            "{\"body\":\"\(Base64.standard.encode(Array(form.utf8)))\"}",
        ] {
            var redactor = try RedactorTests.redactor()
            #expect(try RedactorTests.scan(Array(text.utf8)) == ["password in here"])
            #expect(redactor.redact(text).contains("[password-1]"))
        }
        let bytes = try RedactorTests.streamed(Array(form.utf8).map { [$0] })
        #expect(String(lossy: bytes.flatMap(\.bytes)) == Self.form("password", "[password-1]"))
    }

    @Test(
        "words, other names and what is no part of a form stay",
        arguments: [
            form("token", "the"), form("note", "hunter22"), form("password", ""), form("password", "[password-1]"),
            "<input name=\"password\">\r\n\r\nhunter22\r\n--", "say name=\"password\" and\n\nmore",
        ])
    func innocent(_ text: String) throws {
        var redactor = try RedactorTests.redactor()
        #expect(redactor.redact(text) == text)
        #expect(try RedactorTests.scan(Array(text.utf8)).isEmpty)
    }
}
