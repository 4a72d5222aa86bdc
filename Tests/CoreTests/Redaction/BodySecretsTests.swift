import Support
import Testing

@testable import Redaction

@Suite("Body secrets") struct BodySecretsTests {
    private static let planted = PlantedSecret.all.filter { !["email", "order"].contains($0.kind) }

    @Test(
        "a secret is found at every place of a text, behind escapes too", arguments: planted,
        [TextForm.whole, .escaped, .escapedTwice, .unicodeEscaped])
    func found(planted: PlantedSecret, form: TextForm) {
        for shift in 0..<40 {
            let body = "{\"a\":\"\(String(repeating: "x", count: shift)) \",\"b\":\(form.write(planted))}"
            var masked = Array(body.utf8)
            let found = BodySecrets.mask(&masked)
            #expect(!found.isEmpty && !String(decoding: masked, as: UTF8.self).contains(planted.secret), "\(body)")
        }
    }

    @Test("the first and shortest name of a form is one, too")
    func firstName() {
        var body = Array("pwd=hunter22&x=1".utf8)
        #expect(!BodySecrets.mask(&body).isEmpty)
        #expect(body == Array("pwd=[redacted]&x=1".utf8))
    }

    @Test(
        "a key right behind an escape is found, where one more letter stands before it than it has",
        arguments: [#"\n"#, #"\t"#, #"\r"#, #"\b"#, #"\f"#, #"\\n"#])
    func behindEscape(escape: String) {
        let key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        for end in [#"""#, #"\n""#, #" ""#] {
            var body = Array(#"{"text":"it is\#(escape)\#(key)\#(end)}"#.utf8)
            #expect(BodySecrets.mask(&body) == [Array(key.utf8)], "\(String(decoding: body, as: UTF8.self))")
        }
    }

    @Test("texts, ids, hashes and numbers need no search")
    func ordinary() {
        for text in [
            #"{"prompt":"a table for two at 19:30, please","max_tokens":100}"#,
            #"{"session":"session-0123456789-0123456789-0123456789","arn":"arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/a-ABCDEFGHIJ"}"#,
            #"{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","text":"line\nline \u00e9"}"#,
            "x=1&y=2", "", "{}",
        ] {
            let isSearched = QuickLook.mayHold(Array(text.utf8).span)
            #expect(!isSearched, "\(text)")
        }
    }

    @Test("the same is masked once: what was masked stays")
    func again() {
        var body = Array(#"{"password":"[redacted]","Authorization":"Bearer [redacted]"}"#.utf8)
        let before = body
        #expect(BodySecrets.mask(&body).isEmpty && body == before)
    }

    @Test("random bodies are masked or stay, and never lose their form")
    func random() {
        var random = SeededGenerator(seed: 20_261_130)
        let words = [
            "\"password\"", ":", "\"", "{", "}", "[", "]", "eyJ", ".", "AKIA", "\\", "\\u00", "a", "=", "token", "\n",
            "data: ", "0",
        ]
        for _ in 0..<3_000 {
            let count = Int.random(in: 0..<24, using: &random)
            var body = Array((0..<count).map { _ in words.randomElement(using: &random) ?? "" }.joined().utf8)
            BodySecrets.mask(&body)
            #expect(String(validating: body, as: UTF8.self) != nil)
        }
    }

    @Test("a body of beginnings only is searched once, not once for each")
    func beginnings() {
        var body = Array(String(repeating: "eyJ", count: 100_000).utf8)
        #expect(BodySecrets.mask(&body).isEmpty)
        body = Array(String(repeating: "FwoGZXIvYXdz", count: 20_000).utf8)
        #expect(BodySecrets.mask(&body).count == 1 && body == Array("[redacted]".utf8))
    }
}
