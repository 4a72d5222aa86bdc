import Bytes
import HTTPWire

/// The token of `Authorization: Bearer …`, or why there is none. RFC 6750 also knows tokens in the query and the body:
/// the service reads neither, and nor do we.
package enum BearerToken: Equatable, Sendable {
    case missing
    case malformed(String)
    /// The token's place in the request's head.
    case present(Range<Int>)

    package init(_ request: Request) {
        var place: Range<Int>?
        let head = request.head.span
        for field in request.fields where ASCII.equals(head.extracting(field.name), lowercase: "authorization") {
            guard place == nil else {
                self = .malformed("there are two Authorization fields")
                return
            }
            place = field.value
        }
        self = place.map { Self.read(head, $0) } ?? .missing
    }

    /// RFC 9110 11.1: the scheme is "case-insensitive"; RFC 6750 2.1: `"Bearer" 1*SP b64token`, of which clients send
    /// exactly one space.
    private static func read(_ head: Span<UInt8>, _ place: Range<Int>) -> BearerToken {
        let scheme = 6
        if place.isEmpty { return .missing }
        guard place.count >= scheme,
            ASCII.equals(head.extracting(place.lowerBound..<(place.lowerBound + scheme)), lowercase: "bearer")
        else { return .malformed("the Authorization field is not of the scheme Bearer") }
        let rest = (place.lowerBound + scheme)..<place.upperBound
        if rest.allSatisfy({ head[$0] == UInt8(ascii: " ") }) { return .missing }
        guard head[rest.lowerBound] == UInt8(ascii: " ") else {
            return .malformed("after Bearer there is something else than a space")
        }
        let token = (rest.lowerBound + 1)..<rest.upperBound
        guard head[token.lowerBound] != UInt8(ascii: " ") else {
            return .malformed("after Bearer there are two spaces")
        }
        return .present(token)
    }
}
