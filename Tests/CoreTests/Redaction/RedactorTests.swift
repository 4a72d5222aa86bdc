import Bytes
import Testing

@testable import Redaction

@Suite("Secrets are taken out") struct RedactorTests {
    static func redactor() throws -> Redactor {
        let rules = try SecretRules(redact: ["email", "order=order-[0-9]{6}"], paths: [])
        return Redactor(rules: rules, pseudonyms: Pseudonyms(key: [1], entries: []))
    }

    static func scan(_ text: [UInt8], isEventStream: Bool = false) throws -> [String] {
        var scan = FinalScan(rules: try redactor().rules, known: KnownSecrets())
        scan.scan(text, isEventStream: isEventStream, place: "here")
        return scan.remainders.map(\.description)
    }

    @Test("each kind in each form is replaced by its pseudonym", arguments: PlantedSecret.all, TextForm.allCases)
    func forms(_ planted: PlantedSecret, _ form: TextForm) throws {
        var redactor = try Self.redactor()
        let text = form.write(planted)
        let redacted = redactor.redact(text)
        #expect(redacted.contains("[\(planted.kind)-1]"), "\(text) became \(redacted)")
        #expect(!redacted.contains(planted.secret))
        #expect(redactor.pseudonyms.count == 1, "\(redacted)")
        #expect(try Self.scan(Array(text.utf8)) == ["\(planted.kind) in here"], "\(text)")
        #expect(try Self.scan(Array(redacted.utf8)).isEmpty, "\(redacted)")
    }

    @Test(
        "wherever the text is split, as much goes and the pieces stay", arguments: PlantedSecret.all, TextForm.allCases)
    func split(_ planted: PlantedSecret, _ form: TextForm) throws {
        var whole = try Self.redactor()
        let text = Array(form.write(planted).utf8)
        let expected = whole.redact(text)
        // Every place of the text as it is, and some of the longer forms.
        for place in stride(from: 1, to: text.count, by: form == .whole ? 1 : max(3, text.count / 16)) {
            let pieces = try Self.streamed([Array(text[..<place]), Array(text[place...])])
            #expect(pieces.flatMap(\.bytes) == expected, "split at \(place)")
            #expect(pieces.map(\.size) == [place, text.count - place])
            #expect(pieces.allSatisfy { !$0.bytes.isEmpty }, "split at \(place)")
        }
        let single = try Self.streamed(text.map { [$0] })
        #expect(single.flatMap(\.bytes) == expected)
        #expect(single.count == text.count)
    }

    static func streamed(_ pieces: [[UInt8]], isEventStream: Bool = false) throws -> [StreamRedactor.Piece] {
        var redactor = try redactor()
        var stream = StreamRedactor(isEventStream ? .events : .text, rules: redactor.rules)
        var told: [StreamRedactor.Piece] = []
        for (index, piece) in pieces.enumerated() { told += stream.add(piece, at: index, &redactor) }
        return told + stream.finish(&redactor)
    }

    @Test("a secret that a model spells over events is found", arguments: PlantedSecret.all, [1, 2, 5])
    func events(_ planted: PlantedSecret, _ step: Int) throws {
        let letters = Array(planted.carrier)
        let frames = stride(from: 0, to: letters.count, by: step).map { start in
            let said = String(letters[start..<min(start + step, letters.count)])
            let escaped = said.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return Array("data: {\"delta\": {\"text\": \"\(escaped)\"}}\n\n".utf8)
        }
        let pieces = try Self.streamed(frames, isEventStream: true)
        #expect(pieces.count == frames.count)
        let joined = String(lossy: pieces.flatMap(\.bytes))
        #expect(joined.contains("[\(planted.kind)-1]"), "\(joined)")
        #expect(try !Self.scan(frames.flatMap(\.self), isEventStream: true).isEmpty)
        #expect(try Self.scan(Array(joined.utf8), isEventStream: true).isEmpty, "\(joined)")
    }

    @Test("the same secret has the same pseudonym, also when the library is opened again")
    func stable() throws {
        var first = try Self.redactor()
        #expect(
            first.redact(#"{"password":"one-1","a":{"password":"two-2"}}"#)
                == #"{"password":"[password-1]","a":{"password":"[password-2]"}}"#)
        let entries = first.pseudonyms.takeAdded()
        #expect(entries.count == 2)
        var again = Redactor(rules: first.rules, pseudonyms: Pseudonyms(key: [1], entries: entries))
        #expect(again.redact(#"{"password":"two-2"}"#) == #"{"password":"[password-2]"}"#)
        #expect(again.redact(#"{"password":"three-3"}"#) == #"{"password":"[password-3]"}"#)
        var elsewhere = Redactor(rules: first.rules, pseudonyms: Pseudonyms(key: [2], entries: entries))
        #expect(elsewhere.redact(#"{"password":"two-2"}"#) == #"{"password":"[password-3]"}"#)
    }

    @Test("what was redacted stays as it is")
    func again() throws {
        for planted in PlantedSecret.all {
            var redactor = try Self.redactor()
            let once = redactor.redact(planted.carrier)
            #expect(redactor.redact(once) == once)
        }
    }

    @Test(
        "header fields keep their schemes and names",
        arguments: [
            ("Authorization", "Bearer opaque-token-1", "Bearer [token-1]"),
            ("Authorization", "Bearer \(PlantedSecret.jwt)", "Bearer [jwt-1]"),
            ("Authorization", "Basic dXNlcjpwYXNzd29yZA==", "Basic [password-1]"),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/bedrock-agentcore/aws4_request, "
                    + "SignedHeaders=host, Signature=0a1b2c3d4e5f0a1b",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/bedrock-agentcore/aws4_request, "
                    + "SignedHeaders=host, Signature=[token-1]"
            ),
            ("X-Amz-Security-Token", "anything", "[token-1]"),
            ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=[cookie-1]; Path=/; HttpOnly"),
            ("Cookie", "a=1; b=2", "a=[cookie-1]; b=[cookie-2]"),
            ("Location", "https://a.example/x?code=abc&state=s", "https://a.example/x?code=[token-1]&state=s"),
            ("X-Note", "mail anna@example.com", "mail [email-1]"),
            ("Content-Type", "application/json", "application/json"),
        ])
    func fields(_ name: String, _ value: String, _ expected: String) throws {
        var redactor = try Self.redactor()
        let redacted = redactor.redact(field: name, value)
        #expect(redacted == expected)
        var scan = FinalScan(rules: redactor.rules, known: KnownSecrets())
        scan.scan(field: name, redacted, place: "here")
        #expect(scan.remainders == [])
        if value != expected {
            scan.scan(field: name, value, place: "here")
            #expect(scan.remainders != [])
        }
    }

    @Test("what a field was found to hold is found in bodies, in every form")
    func known() throws {
        for form in TextForm.allCases {
            var redactor = try Self.redactor()
            #expect(redactor.redact(field: "Authorization", "Bearer opaque/4711") == "Bearer [token-1]")
            let planted = PlantedSecret(
                kind: "token", secret: "opaque/4711", before: #"{"echo":""#, after: #" it is"}"#)
            let redacted = redactor.redact(form.write(planted))
            #expect(redacted.contains("[token-1]"), "\(redacted)")
        }
    }

    @Test(
        "ordinary words under a secret's name, and what only looks like a secret, stay",
        arguments: [
            #"{"token":" the"}"#, #"{"token":"understanding"}"#, #"{"token": 17}"#, #"{"code":"ValidationException"}"#,
            #"{"statusCode":404,"message":"authorization: none"}"#,
            #"{"sha":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}"#, #"{"text":"def f(token=None): token = g(x)"}"#,
            #"{"session":"0123456789abcdef0123456789abcdef-1234"}"#, #"{"maxTokens": 100, "inputTokens": 12}"#,
        ])
    func innocent(_ text: String) throws {
        var redactor = try Self.redactor()
        #expect(redactor.redact(text) == text)
        #expect(try Self.scan(Array(text.utf8)).isEmpty)
    }

    @Test("a name behind a byte that no text has begins no form, for whoever redacts and whoever scans")
    func nameBehindNothing() throws {
        var redactor = try Self.redactor()
        let text = Array("frame\0password=hunter22".utf8)
        #expect(redactor.redact(text) == text)
        #expect(try Self.scan(text).isEmpty)
    }

    @Test(
        "a value that names secrets again and again is one, however long it is",
        arguments: ["PASSWORD=", #"'password':{"#, #""password":["a","b","#, #""password":"\\"#])
    func selfNaming(_ piece: String) throws {
        let text = Array(String(repeating: piece, count: 4_000).utf8)
        for purpose in [SearchPurpose.sharing, .keeping, .stray] {
            let search = SecretSearch(rules: SecretRules(), known: KnownSecrets(), purpose: purpose)
            let findings = search.findings(in: text, .text)
            #expect(findings.reduce(0) { $0 + $1.value.count } < 40 * text.count, "\(purpose)")
        }
    }
}
