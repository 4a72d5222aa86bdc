import Bytes
import Time

/// What a request claims: who signed it, when, what for, which headers, and the signature. Everything lies in `source`:
/// the request's own head for the header form, the decoded parameters for the query form.
package struct Authorization: Equatable, Sendable {
    package enum Form: Sendable {
        case header
        case query
    }

    package var form: Form
    package var source: [UInt8]
    package var credential: Range<Int>
    /// `date/region/service/term`: the credential without its key.
    package var scope: Range<Int> {
        let slash = credential.first { source[$0] == UInt8(ascii: "/") }
        return (slash.map { $0 + 1 } ?? credential.upperBound)..<credential.upperBound
    }
    package var signedHeaders: Range<Int>
    package var signature: Range<Int>
    /// ISO 8601 basic format, unless it is malformed.
    package var timestamp: Range<Int>
    package var token: Range<Int>?
    /// `X-Amz-Expires`.
    package var lifetime: Range<Int>?
    /// `X-Amz-Content-Sha256`.
    package var payloadHash: Range<Int>?
    /// The query parameter that is not part of what it signs.
    package var signatureParameter: FieldRange?
    /// Whether what stands before its signature is what stood there last.
    var isKnown = false

    package func text(_ place: Range<Int>) -> String { String(lossy: source[place]) }

    /// Nil when the request carries no AWS signature.
    package static func read(_ message: borrowing Message) throws(SignatureRefusal) -> Authorization? {
        var memory = HeaderAuthorization.Memory()
        return try read(message, &memory)
    }

    package static func read(
        _ message: borrowing Message, _ memory: inout HeaderAuthorization.Memory
    ) throws(SignatureRefusal) -> Authorization? {
        let header = message.value(of: "authorization").flatMap { $0.isEmpty ? nil : $0 }
        let parameters = QueryAuthorization.find(in: message)
        if header == nil, parameters == nil { return nil }
        if let query = message.query,
            let escape = QueryParameters.malformedEscape(in: message.head.span.extracting(query))
        {
            throw .malformedQuery(escape)
        }
        if let header {
            if parameters?.algorithm != nil { throw .bothForms }
            if message.count(of: "authorization") > 1 { throw .severalAuthorizations }
            return try HeaderAuthorization.read(message, header, &memory)
        }
        return try parameters.map { (found) throws(SignatureRefusal) in try found.read(message) }
    }
}

/// When a signature was made, against when it is looked at.
struct Age {
    static let longestLifetime = 604_800

    let signed: Instant

    /// Reads the timestamp.
    init(_ authorization: borrowing Authorization) throws(SignatureRefusal) {
        guard let signed = Instant(basic: authorization.source.span.extracting(authorization.timestamp)) else {
            throw .badDate(authorization.text(authorization.timestamp))
        }
        self.signed = signed
    }

    /// Data planes allow five minutes either way; IAM and STS fifteen.
    func check(_ authorization: borrowing Authorization, within window: Int64, now: Instant) throws(SignatureRefusal) {
        let lifetime = try Self.lifetime(of: authorization, or: window)
        let now = now.seconds
        if signed.seconds < now - lifetime {
            throw .expired(
                signed: signed.basic, earliest: Self.text(now - lifetime), now: Self.text(now), seconds: lifetime)
        }
        if signed.seconds > now + window {
            throw .notYetCurrent(
                signed: signed.basic, latest: Self.text(now + window), now: Self.text(now),
                seconds: window)
        }
    }

    private static func lifetime(of authorization: borrowing Authorization, or window: Int64) throws(SignatureRefusal)
        -> Int64
    {
        guard let place = authorization.lifetime else { return window }
        let digits = authorization.source[place]
        guard let seconds = ASCII.decimal(digits) else {
            let number = digits.first == UInt8(ascii: "-") ? ASCII.decimal(digits.dropFirst()) : nil
            throw number == nil ? .lifetimeNotANumber : .lifetimeNegative
        }
        if seconds > longestLifetime { throw .lifetimeTooLong }
        if seconds == 0 { throw .lifetimeNegative }
        return Int64(seconds)
    }

    /// `Instant` holds the years 1678 to 2261; a clock set beyond them still gets a text.
    private static func text(_ seconds: Int64) -> String {
        Instant(seconds: min(max(seconds, -9_214_560_000), 9_214_646_400)).basic
    }
}
