import Bytes
import HTTPWire
import Support
import Testing

@testable import Redaction

/// One look that says that nothing is there is all that most calls get: it may never be wrong.
@Suite("The look at what is shared") struct SecretLookTests {
    private static func mayHold(_ text: [UInt8]) -> Bool {
        QuickLook.mayHoldInAnyForm(text.span, includesEmail: true)
    }

    private static func isFound(_ text: [UInt8]) throws -> Bool {
        let rules = try SecretRules(redact: ["email"], paths: [])
        return !SecretSearch(rules: rules, known: KnownSecrets()).findings(in: text, .text).isEmpty
    }

    @Test(
        "a secret is seen at every place of a text, in every form",
        arguments: PlantedSecret.all.filter { $0.kind != "order" }, TextForm.allCases)
    func planted(_ planted: PlantedSecret, _ form: TextForm) {
        for shift in 0..<40 {
            let before = String(repeating: "x", count: shift)
            let text = "{\"a\":\"\(before)\",\"b\":\(form.write(planted)) }"
            #expect(Self.mayHold(Array(text.utf8)), "\(text)")
            #expect(Self.mayHold(Array("\(before) \(form.write(planted))".utf8)), "\(text)")
        }
    }

    @Test("whatever a search finds in a random text, the look has seen")
    func random() throws {
        var random = SeededGenerator(seed: 20_261_201)
        let words = [
            "password", "pwd", "\"", "'", ":", "=", " ", "-", "_", "eyJ", "eyJhbGciOi", ".", "AKIAIOSFODNN7EXAMPLE",
            "\\", "\\u0070", "%70", "%", "a", "token", "\n", "name=", "Content-Disposition: form-data; ", "\r\n\r\n",
            "--", "IQoJb3JpZ2lu", "Bearer ", "opaque-4711-token-and-more", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "@", "example.com", "anna", "eyJwYXNzd29yZCI6ImEtc2VjcmV0LTEifQ", "code", "&", "\0", "+", "/", "0123456789",
        ]
        var found = 0
        for _ in 0..<40_000 {
            let count = Int.random(in: 0..<14, using: &random)
            let text = Array((0..<count).map { _ in words.randomElement(using: &random) ?? "" }.joined().utf8)
            guard try Self.isFound(text) else { continue }
            found += 1
            #expect(Self.mayHold(text), "seed 20261201: \(String(lossy: text))")
        }
        #expect(found > 4_000)
    }

    @Test("texts, ids, hashes and numbers need no search")
    func ordinary() {
        for text in [
            #"{"prompt":"a table for two at 19:30, please","max_tokens":100}"#,
            #"{"session":"session-0123456789-0123456789","arn":"arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/a"}"#,
            #"{"response": {"role": "assistant", "content": [{"text": "You said sushi"}]}}"#, "x=1&y=2", "", "{}",
            "session-00000001-0f8fad5b-d9cb-469f-a165-70867728950e", "100 % of it",
        ] {
            #expect(!Self.mayHold(Array(text.utf8)), "\(text)")
        }
    }

    @Test("header fields are kept as they came, redacted line by line, and looked at again once more is known")
    func fields() throws {
        var redactor = Redactor(rules: SecretRules(), pseudonyms: Pseudonyms(key: [1], entries: []))
        func redact(_ fields: [(String, String)]) -> [String] {
            var block = FieldBlock()
            for (name, value) in fields { block.add(name: name, value: value) }
            return redactor.redact(block, of: .request).list.map(\.value)
        }
        let plain = [("Accept", "*/*"), ("X-Note", "opaque/4711"), ("Content-Length", "7")]
        #expect(redact(plain) == ["*/*", "opaque/4711", "7"])
        #expect(redact(plain) == ["*/*", "opaque/4711", "7"])
        let cookie = [("Accept", "*/*"), ("Cookie", "a=b"), ("Content-Length", "8")]
        #expect(redact(cookie) == ["*/*", "a=[cookie-1]", "8"])
        let named = [("Authorization", "Bearer opaque/4711"), ("X-Note", "opaque/4711"), ("Content-Length", "7")]
        #expect(redact(named) == ["Bearer [token-1]", "[token-1]", "7"])
        #expect(redact(plain) == ["*/*", "[token-1]", "7"])
        #expect(redact([]) == [])
    }

    @Test("what a body is, its fields say, whatever they said before")
    func plain() throws {
        var redactor = Redactor(rules: SecretRules(), pseudonyms: Pseudonyms(key: [1], entries: []))
        func isPlain(_ name: String, _ value: String) -> Bool {
            var block = FieldBlock()
            block.add(name: name, value: value)
            _ = redactor.redact(block, of: .answer)
            return redactor.isPlain(.answer)
        }
        #expect(isPlain("Content-Type", "application/json"))
        #expect(!isPlain("content-type", "Text/Event-Stream; charset=utf-8"))
        #expect(!isPlain("content-type", "Text/Event-Stream; charset=utf-8"))
        #expect(!isPlain("Content-Encoding", "gzip"))
        #expect(isPlain("Content-Type", "application/json"))
    }
}
