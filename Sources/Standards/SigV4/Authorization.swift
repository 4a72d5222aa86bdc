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

    package func text(_ place: Range<Int>) -> String { String(lossy: source[place]) }

    /// Nil when the request carries no AWS signature.
    package static func read(_ message: borrowing Message) throws(Refusal) -> Authorization? {
        var memory = HeaderAuthorization.Memory()
        return try read(message, &memory)
    }

    package static func read(
        _ message: borrowing Message, _ memory: inout HeaderAuthorization.Memory
    ) throws(Refusal) -> Authorization? {
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
        return try parameters.map { (found) throws(Refusal) in try found.read(message) }
    }
}
