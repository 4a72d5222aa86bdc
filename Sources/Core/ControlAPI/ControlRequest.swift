import Bytes
import HTTPWire
import JSON
import Runtime
import Time

/// A call of the control API, taken apart.
package struct ControlRequest {
    package static let prefix: StaticString = "/_understudy"

    package let request: Request
    /// When it arrived: on the monotonic clock, and what time that was.
    package let arrived: Int64
    package let now: Instant
    /// The path behind the prefix, in its segments: `/_understudy/calls/7` is `["calls", "7"]`.
    let segments: [String]
    /// The path behind the prefix as it stands: empty, or from its slash on.
    package let path: String
    /// The space that it is about: of its path's prefix, its header or its host; nil for the usual one.
    let space: String?

    package init(_ request: Request, arrived: Int64, now: Instant) {
        self.request = request
        self.arrived = arrived
        self.now = now
        let (space, rest) = Self.parts(of: request)
        let named =
            space ?? request.value(of: .space) ?? request.host.flatMap(SpaceName.inHost)
            ?? (request.proxyUser.isEmpty ? nil : request.proxyUser[...])
        self.space = named.map { String(lossy: $0) }
        let path = rest.dropFirst(Self.prefix.utf8CodeUnitCount)
        self.path = String(lossy: path)
        segments = path.split(separator: UInt8(ascii: "/")).map { part in
            String(lossy: PercentEncoding.decode(part) ?? Array(part))
        }
    }

    package static func isMeant(by request: Request) -> Bool {
        let path = parts(of: request).rest
        guard request.stands(prefix, at: path.startIndex) else { return false }
        let rest = path.dropFirst(prefix.utf8CodeUnitCount)
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }

    /// `/_space/a/_understudy/faults` is the control API of the space a.
    private static func parts(of request: Request) -> (space: ArraySlice<UInt8>?, rest: ArraySlice<UInt8>) {
        let path = request.head[request.path]
        guard let found = SpaceName.inPath(path) else { return (nil, path) }
        return (found.name, path[found.rest])
    }

    /// What time it is at a later moment of the monotonic clock.
    func instant(at monotonic: Int64) -> Instant { now + .nanoseconds(monotonic - arrived) }

    /// The parameters of the query, decoded; nil when one of them is not what a URL may hold.
    var parameters: [(String, String)]? {
        guard let query = request.query else { return [] }
        var found: [(String, String)] = []
        var start = query.lowerBound
        while let place = FieldRange.parameter(in: request.head.span, from: &start, to: query.upperBound) {
            if place.isNothing { continue }
            guard let name = Self.decoded(request.head[place.name]), let value = Self.decoded(request.head[place.value])
            else { return nil }
            found.append((name, value))
        }
        return found
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        PercentEncoding.decode(text, plusIsSpace: true).flatMap { String(utf8: $0) }
    }

    /// The body as one JSON value.
    func json() throws(ControlRefusal) -> Value {
        do throws(SyntaxError) {
            return try Value.parse(request.body)
        } catch {
            throw ControlRefusal(400, "the body is not JSON: \(error.message) (at byte \(error.offset))")
        }
    }
}
