import Bytes

/// `credentials[…]`
enum CredentialReader {
    static func read(_ fields: inout FieldReader) -> Credential? {
        let id = fields.requiredText("accessKeyId", keyID)
        let secret = fields.requiredText("secretAccessKey", .notEmpty)
        var credential = Credential(accessKeyId: id ?? "", secretAccessKey: secret ?? "")
        credential.sessionToken = fields.text("sessionToken", .notEmpty)
        credential.expires = fields.text("expires", .moment)
        credential.deny = fields.texts("deny", .glob)
        return id == nil || secret == nil ? nil : credential
    }

    /// The id stands in `Credential=ID/DATE/…, SignedHeaders=…`, so what ends it there cannot be part of it.
    private static let keyID = TextCheck({ "\(TextCheck.quoted($0)) cannot be an access key id" }) { text in
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F && $0 != 0x2C }
    }
}
