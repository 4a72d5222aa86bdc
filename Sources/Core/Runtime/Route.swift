import Bytes

/// The path of an operation: `/runtimes/{agent}/` and what follows it.
package struct Route: Equatable, Sendable {
    package var method: StaticString
    package var tail: StaticString
    /// Its GET has no content of its own (RFC 6455 4.1).
    package var opensConversation: Bool

    package init(method: StaticString, tail: StaticString, opensConversation: Bool = false) {
        self.method = method
        self.tail = tail
        self.opensConversation = opensConversation
    }

    /// Whether HEAD may ask the same without its content (RFC 9110 9.3.2).
    package var isRead: Bool { method.description == "GET" && !opensConversation }

    package static func == (left: Route, right: Route) -> Bool {
        left.method.description == right.method.description && left.tail.description == right.tail.description
    }
}

/// A path below `/runtimes/`, split where the agent's name ends. The name stays encoded: an ARN whose slash is not
/// escaped therefore names another path, and is not found, as observed.
package struct AgentPath: Equatable, Sendable {
    package var agent: Range<Int>
    package var tail: Range<Int>

    package init?(_ bytes: Span<UInt8>, path: Range<Int>) {
        let prefix: StaticString = "/runtimes/"
        let prefixEnd = path.lowerBound + prefix.utf8CodeUnitCount
        guard path.upperBound > prefixEnd else { return nil }
        for offset in 0..<prefix.utf8CodeUnitCount
        where bytes[path.lowerBound + offset] != prefix.utf8Start[offset] { return nil }
        var end = ByteSearch.first(UInt8(ascii: "/"), in: bytes, prefixEnd..<path.upperBound)
        guard end > prefixEnd, end < path.upperBound else { return nil }
        if let whole = Self.endOfPlainARN(bytes, prefixEnd..<end, path.upperBound) { end = whole }
        agent = prefixEnd..<end
        tail = end + 1..<path.upperBound
    }

    /// The service's own example for browsers writes an ARN as it is, `/runtimes/arn:…:runtime/name/ws`, and only there.
    private static func endOfPlainARN(_ bytes: Span<UInt8>, _ segment: Range<Int>, _ pathEnd: Int) -> Int? {
        func stands(_ text: StaticString, _ place: Range<Int>) -> Bool {
            guard place.count == text.utf8CodeUnitCount, place.lowerBound >= segment.lowerBound else { return false }
            for offset in 0..<place.count where bytes[place.lowerBound + offset] != text.utf8Start[offset] {
                return false
            }
            return true
        }
        guard stands(":runtime", segment.upperBound - 8..<segment.upperBound) else { return nil }
        let end = ByteSearch.first(UInt8(ascii: "/"), in: bytes, segment.upperBound + 1..<pathEnd)
        return stands("/ws", end..<pathEnd) ? end : nil
    }
}

extension Route {
    package func hasTail(_ tail: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard tail.count == self.tail.utf8CodeUnitCount else { return false }
        for offset in 0..<tail.count where bytes[tail.lowerBound + offset] != self.tail.utf8Start[offset] {
            return false
        }
        return true
    }
}
