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

/// RFC 7519 section 2: "A JSON numeric value representing the number of seconds from 1970-01-01T00:00:00Z UTC …;
/// non-integer values can be represented."
package struct NumericDate: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    /// Nil unless it is a number and finite. What lies beyond 64 bits of nanoseconds (the year 2262) becomes the last
    /// moment within: far is far.
    package init?(_ value: JSON.Value) {
        if let seconds = value.integer {
            let (product, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
            nanoseconds = overflow ? (seconds < 0 ? Self.earliest : Self.latest) : product
        } else if let seconds = value.double {
            let product = seconds * 1e9
            nanoseconds =
                product >= Double(Self.latest)
                ? Self.latest
                : product <= Double(Self.earliest) ? Self.earliest : Int64(product)
        } else {
            return nil
        }
    }

    package static func < (left: NumericDate, right: NumericDate) -> Bool { left.nanoseconds < right.nanoseconds }

    private static let latest: Int64 = 9_200_000_000_000_000_000
    private static let earliest: Int64 = -9_200_000_000_000_000_000
}

/// RFC 7519 section 2: names and values are compared "without applying any transformations". Swift's `==` on strings
/// takes canonically equivalent texts for one, so that a KELVIN SIGN would pass for a K.
package enum ExactText {
    package static func equal(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.elementsEqual(right.utf8)
    }
}

extension Sequence<String> {
    package func containsExactly(_ text: String) -> Bool { contains { ExactText.equal($0, text) } }
}
