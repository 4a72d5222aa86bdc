import JSON

/// The claims of a JWT (RFC 7519 section 4): the registered ones read, all of them kept.
package struct Claims: Equatable, Sendable {
    package let value: JSON.Value
    package let issuer: String?
    package let subject: String?
    package let audience: [String]
    package let expires: NumericDate?
    package let notBefore: NumericDate?
    package let issuedAt: NumericDate?

    /// RFC 7519 section 4: "The Claim Names within a JWT Claims Set MUST be unique".
    private static let options = JSON.Options(duplicateMembers: .refuse, maximumDepth: 32)

    package init(_ json: [UInt8]) throws(TokenRefusal) {
        do { value = try JSON.Value.parse(json, Self.options) } catch {
            throw .malformed("its claims are not JSON: \(error.message)")
        }
        guard value.members != nil else { throw .malformed("its claims are not a JSON object") }
        issuer = try Self.text("iss", of: value)
        subject = try Self.text("sub", of: value)
        audience = try Self.audience(of: value)
        expires = try Self.date("exp", of: value)
        notBefore = try Self.date("nbf", of: value)
        issuedAt = try Self.date("iat", of: value)
    }

    package subscript(name: String) -> JSON.Value? { value[name] }

    private static func text(_ name: String, of value: JSON.Value) throws(TokenRefusal) -> String? {
        guard let claim = value[name] else { return nil }
        guard let text = claim.text else { throw .malformed("its claim \(name) is \(claim.kind)") }
        return text
    }

    private static func date(_ name: String, of value: JSON.Value) throws(TokenRefusal) -> NumericDate? {
        guard let claim = value[name] else { return nil }
        guard let date = NumericDate(claim) else { throw .malformed("its claim \(name) is no time") }
        return date
    }

    /// RFC 7519 4.1.3: "an array of case-sensitive strings …; in the special case when the JWT has one audience, the
    /// 'aud' value MAY be a single case-sensitive string".
    private static func audience(of value: JSON.Value) throws(TokenRefusal) -> [String] {
        guard let claim = value["aud"] else { return [] }
        if let one = claim.text { return [one] }
        guard let list = claim.array else { throw .malformed("its claim aud is \(claim.kind)") }
        let texts = list.compactMap(\.text)
        guard texts.count == list.count else { throw .malformed("its claim aud holds what is not a string") }
        return texts
    }
}
