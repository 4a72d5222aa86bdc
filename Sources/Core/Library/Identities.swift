import Bytes
import Fields
import JSON
import Runtime
import Time

package struct Credential: Equatable, Sendable {
    package var accessKeyId: String
    package var secretAccessKey: String
    package var sessionToken: String?
    /// RFC 3339, as written.
    package var expires: String?
    package var deny: [String]?

    package init(accessKeyId: String, secretAccessKey: String) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
    }
}

/// Somebody, or a machine client, that the issuer knows.
package struct User: Equatable, Sendable {
    package var username: String
    package var password: String?
    package var clientId: String?
    package var clientSecret: String?
    package var groups: [String]?
    package var scopes: [String]?
    /// Where the client may send people who have signed in; nil for this machine.
    package var redirectUris: [String]?

    package init(username: String) { self.username = username }
}

/// `credentials[…]`
enum CredentialReader {
    static func read(_ fields: inout FieldReader) -> Credential? {
        let id = fields.requiredText("accessKeyId", keyID)
        let secret = fields.requiredText("secretAccessKey", .notEmpty)
        var credential = Credential(accessKeyId: id ?? "", secretAccessKey: secret ?? "")
        credential.sessionToken = fields.text("sessionToken", .notEmpty)
        credential.expires = fields.text("expires", .moment)
        credential.deny = fields.texts("deny", action)
        return id == nil || secret == nil ? nil : credential
    }

    /// IAM matches actions whatever their case: "the prefix and the action name are case insensitive".
    private static let action = TextCheck { text in
        if let problem = TextCheck.glob.problem(text) { return problem }
        let pattern = Glob(text.lowercased())
        let known = IAMAction.all + IAMAction.neighbours
        guard !known.contains(where: { pattern.matches(Array($0.lowercased().utf8)) }) else { return nil }
        return TextCheck.Problem(
            message: "\(TextCheck.quoted(text)) is no action of the service, and denies nothing",
            hint: NearName.hint(for: text, among: known)
                ?? "there are \(IAMAction.all.joined(separator: ", "))")
    }

    /// The id stands in `Credential=ID/DATE/…, SignedHeaders=…`, so what ends it there cannot be part of it.
    private static let keyID = TextCheck({ "\(TextCheck.quoted($0)) cannot be an access key id" }) { text in
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F && $0 != 0x2C }
    }
}

/// `users[…]`: somebody, or a machine client, that the issuer knows.
enum UserReader {
    static func read(_ fields: inout FieldReader) -> User? {
        let name = fields.requiredText("username", .notEmpty)
        var user = User(username: name ?? "")
        user.password = fields.text("password", .notEmpty)
        user.clientId = fields.text("clientId", .notEmpty)
        user.clientSecret = fields.text("clientSecret", .notEmpty)
        if user.clientSecret != nil, !fields.has("clientId") {
            fields.refuse("clientSecret", "a secret without a clientId")
        }
        user.groups = fields.texts("groups", .notEmpty)
        user.scopes = fields.texts("scopes", scope)
        user.redirectUris = fields.texts(
            "redirectUris", TextCheck { RedirectURI.problem($0).map { .init(message: $0) } })
        if user.redirectUris != nil, !fields.has("clientId") {
            fields.refuse("redirectUris", "a client's redirectUris without a clientId")
        }
        return name == nil ? nil : user
    }

    /// RFC 6749 3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`
    private static let scope = TextCheck({ "\(TextCheck.quoted($0)) cannot be a scope" }) { text in
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}

extension Credential {
    var written: Value {
        var fields = FieldWriter()
        fields.add("accessKeyId", accessKeyId)
        fields.add("secretAccessKey", secretAccessKey)
        fields.add("sessionToken", sessionToken)
        fields.add("expires", expires)
        fields.add("deny", deny)
        return fields.object
    }
}

extension User {
    var written: Value {
        var fields = FieldWriter()
        fields.add("username", username)
        fields.add("password", password)
        fields.add("clientId", clientId)
        fields.add("clientSecret", clientSecret)
        fields.add("groups", groups)
        fields.add("scopes", scopes)
        fields.add("redirectUris", redirectUris)
        return fields.object
    }
}

/// RFC 6749 3.1.2: "The redirection endpoint URI MUST be an absolute URI", and it "MUST NOT include a fragment component".
package enum RedirectURI {
    /// What is wrong with it, or nil.
    package static func problem(_ text: String) -> String? {
        let scheme = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        let isScheme =
            scheme.first.map(ASCII.isLetter) == true && scheme.count < text.utf8.count
            && scheme.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "+-.".utf8.contains($0) }
        guard isScheme, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !#""<>\^`{|}"#.utf8.contains($0) }) else {
            return "\(TextCheck.quoted(text)) is no absolute URI"
        }
        if text.utf8.contains(UInt8(ascii: "#")) { return "\(TextCheck.quoted(text)) has a fragment" }
        // A browser would run these instead of going there.
        if ["javascript", "data", "vbscript"].contains(String(decoding: scheme, as: UTF8.self).lowercased()) {
            return "\(TextCheck.quoted(text)) leads nowhere"
        }
        return nil
    }
}
