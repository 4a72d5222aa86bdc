import Bytes
import Testing

/// A secret of each kind in a text that carries it, and the forms in which a text may stand in another.
struct PlantedSecret: Sendable, CustomTestStringConvertible {
    let kind: String
    let secret: String
    /// Around the secret, as JSON.
    let before: String
    let after: String

    var testDescription: String { kind }
    var carrier: String { before + secret + after }

    static let jwt =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJhbm5hIiwidG9rZW5fdXNlIjoiYWNjZXNzIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"

    static let all = [
        PlantedSecret(kind: "jwt", secret: jwt, before: #"{"note":"use "#, after: #" now"}"#),
        PlantedSecret(kind: "aws-key", secret: "AKIAIOSFODNN7EXAMPLE", before: #"{"id":""#, after: #""}"#),
        PlantedSecret(
            kind: "aws-key", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", before: #"{"it":""#, after: #""}"#),
        PlantedSecret(kind: "aws-key", secret: "short-but-9", before: #"{"SecretAccessKey":""#, after: #""}"#),
        PlantedSecret(kind: "token", secret: "9f8e7d6c5b4a", before: #"{"access_token":""#, after: #"","a":1}"#),
        PlantedSecret(kind: "token", secret: "opaque-4711-token", before: #"{"x":"a","token" : ""#, after: #""}"#),
        PlantedSecret(kind: "password", secret: "hunter2 & co", before: #"{"user":"anna","password":""#, after: #""}"#),
        PlantedSecret(kind: "cookie", secret: "sid=31d4d96e407aad42", before: #"{"Set-Cookie":""#, after: #""}"#),
        PlantedSecret(kind: "email", secret: "anna.b+c@mail.example.com", before: #"{"to":"<"#, after: #">, others"}"#),
        PlantedSecret(kind: "order", secret: "order-123456", before: #"{"text":"your "#, after: #" is on its way"}"#),
        PlantedSecret(
            kind: "token", secret: "4f3c2b1a0d9e8f7a", before: #"{"url":"https://a.example/b?X-Amz-Signature="#,
            after: #"&x=1"}"#),
    ]
}

enum TextForm: String, CaseIterable, Sendable {
    case whole, escaped, escapedTwice, unicodeEscaped, percentEncoded, base64, base64URL

    func write(_ planted: PlantedSecret) -> String {
        let text = planted.carrier
        switch self {
        case .whole: return text
        case .escaped: return "{\"inner\":\"\(Self.escape(text))\"}"
        case .escapedTwice: return "{\"inner\":\"\(Self.escape("{\"inner\":\"\(Self.escape(text))\"}"))\"}"
        case .unicodeEscaped:
            let letters = planted.secret.utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            return planted.before + letters.joined() + planted.after
        case .percentEncoded: return "q=" + PercentEncoding.encode(text.utf8) + "&r=1"
        case .base64: return "{\"file\":\"\(Base64.standard.encode(Array(text.utf8)))\"}"
        case .base64URL: return "{\"file\":\"\(Base64.url.encode(Array(text.utf8)))\"}"
        }
    }

    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("/", with: "\\/")
    }
}
