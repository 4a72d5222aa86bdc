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
        return name == nil ? nil : user
    }

    /// RFC 6749 3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`
    private static let scope = TextCheck({ "\(TextCheck.quoted($0)) cannot be a scope" }) { text in
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
