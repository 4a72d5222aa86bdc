import Bytes
import Testing

@testable import Redaction

@Suite("Secrets that were seen under a name are found without it") struct KnownSecretsTests {
    private static let passwords = [
        "correct horse battery 4711", "correct horse battery staple", "Passwört-4711", "pässwörd/47 11", "pa\"ss4711",
        "🔑-4711", "correct-horse-battery-4711",
    ]

    @Test("whatever letters it has, in every form", arguments: passwords, TextForm.allCases)
    func letters(_ password: String, _ form: TextForm) throws {
        var redactor = try RedactorTests.redactor()
        let named = redactor.redact(#"{"user":"anna","password":"\#(Self.escaped(password))"}"#)
        #expect(named == #"{"user":"anna","password":"[password-1]"}"#)
        let text = form.write(Self.planted(password, form))
        var scan = FinalScan(rules: redactor.rules, known: redactor.known)
        scan.scan(Array(text.utf8), isEventStream: false, place: "here")
        #expect(scan.remainders.map(\.description) == ["password in here"])
        let redacted = redactor.redact(text)
        #expect(redacted.contains("[password-1]"), "\(redacted)")
        #expect(redactor.pseudonyms.count == 1)
    }

    /// In JSON, where a quotation mark is escaped.
    private static func planted(_ password: String, _ form: TextForm) -> PlantedSecret {
        let secret = form == .unicodeEscaped ? password : escaped(password)
        return PlantedSecret(kind: "password", secret: secret, before: #"{"q":"it is "#, after: #" ok"}"#)
    }

    private static func escaped(_ text: String) -> String { text.replacing("\"", with: "\\\"") }

    @Test("a form's plus signs are its spaces")
    func plusSigns() throws {
        var redactor = try RedactorTests.redactor()
        #expect(redactor.redact(#"{"password":"correct horse 4711"}"#) == #"{"password":"[password-1]"}"#)
        #expect(redactor.redact("q=correct+horse+4711&r=1") == "q=[password-1]&r=1")
        #expect(redactor.redact("a=1&password=battery+staple+12&r=1") == "a=1&password=[password-2]&r=1")
        #expect(redactor.redact("it is battery staple 12") == "it is [password-2]")
    }

    @Test(
        "what is short, or may be words, is known under its name alone", arguments: ["step 1", "my password", "héllo"])
    func words(_ password: String) throws {
        var redactor = try RedactorTests.redactor()
        #expect(redactor.redact(#"{"password":"\#(password)"}"#) == #"{"password":"[password-1]"}"#)
        #expect(redactor.redact("this is \(password), too") == "this is \(password), too")
        #expect(redactor.known.values.isEmpty)
    }
}
