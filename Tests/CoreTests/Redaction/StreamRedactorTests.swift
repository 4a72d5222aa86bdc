import Bytes
import Testing

@testable import Redaction

@Suite("Secrets in long streams") struct StreamRedactorTests {
    @Test("at every place of a long stream, and never more than the window is held")
    func longStream() throws {
        var redactor = try RedactorTests.redactor()
        var stream = StreamRedactor(.text, rules: redactor.rules)
        let line = Array("{\"n\": \"some words that are no secret at all\"}\n".utf8)
        var (told, sent, held) = ([UInt8](), [UInt8](), 0)
        for number in 0..<12_000 {
            var bytes = line
            if number % 501 == 0 { bytes = Array("{\"password\": \"secret-\(number)\"}\n".utf8) }
            sent += bytes
            told += stream.add(bytes, at: number, &redactor).flatMap(\.bytes)
            held = max(held, sent.count - told.count)
        }
        told += stream.finish(&redactor).flatMap(\.bytes)
        let text = String(lossy: told)
        #expect(!text.contains("secret-"))
        #expect(text.contains("[password-24]"))
        #expect(held < 3 * StreamRedactor.heldBack)
    }

    @Test("a token of 60,000 characters in small pieces is one secret")
    func longToken() throws {
        let token = PlantedSecret.jwt + String(repeating: "a", count: 60_000)
        let text = Array(
            (String(repeating: "word ", count: 30_000) + token + String(repeating: " word", count: 30_000)).utf8)
        let pieces = stride(from: 0, to: text.count, by: 1000).map { Array(text[$0..<min($0 + 1000, text.count)]) }
        let told = try RedactorTests.streamed(pieces)
        #expect(told.count == pieces.count)
        #expect(told.allSatisfy { !$0.bytes.isEmpty || $0.size == 1000 })
        let joined = String(lossy: told.flatMap(\.bytes))
        #expect(joined.contains("word [jwt-1] word") && !joined.contains("aaaa"))
    }

    @Test("paths look into whole bodies and into single events")
    func paths() throws {
        let rules = try SecretRules(redact: [], paths: ["$.user.ssn", "$.items[*].pin"])
        var redactor = Redactor(rules: rules, pseudonyms: Pseudonyms(key: [1], entries: []))
        var stream = StreamRedactor(.text, rules: rules)
        let body = Array(#"{"user": {"ssn": "078-05-1120"}, "items": [{"pin": 1234}, {"pin": "99"}]}"#.utf8)
        var told: [UInt8] = []
        for (index, byte) in body.enumerated() { told += stream.add([byte], at: index, &redactor).flatMap(\.bytes) }
        told += stream.finish(&redactor).flatMap(\.bytes)
        #expect(
            String(lossy: told)
                == #"{"user": {"ssn": "[ssn-1]"}, "items": [{"pin": "[pin-1]"}, {"pin": "[pin-2]"}]}"#)
        let event = "id: 1\ndata: {\"user\":\ndata: {\"ssn\": \"078-05-1120\"}}\n\n"
        #expect(
            String(lossy: redactor.redact(Array(event.utf8), isEventStream: true))
                == "id: 1\ndata: {\"user\":\ndata: {\"ssn\": \"[ssn-1]\"}}\n\n")
    }

    @Test("options say what is wrong with them", arguments: ["x", "=a", "a b=c", "n=", "n=(", "n=a*"])
    func mistakes(_ text: String) {
        #expect(throws: SecretRuleMistake.self) { try SecretRules(redact: [text], paths: []) }
    }
}
