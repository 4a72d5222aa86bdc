import Bytes
import HTTPWire

// Rules.  What a client asks its proxy for is asked of the server that the target names, and of nobody else. The target
//         alone says which that is: RFC 9112 3.2.2, "When a proxy receives a request with an absolute-form of
//         request-target, the proxy MUST ignore the received Host header field (if any) and instead replace it with the
//         host information of the request-target." So Host is not among the fields here; it is the URL's.

/// A request as it leaves for the server that it names, when a client has this one for its proxy.
package struct ProxiedRequest: Equatable, Sendable {
    package let method: [UInt8]
    package let target: [UInt8]
    package let fields: FieldBlock
    /// Nil where the client said nothing of content. RFC 9110 8.6: a length of 0 is said where content could be.
    package let length: Int?

    package init(_ request: borrowing Request) {
        method = Array(request.head[request.method])
        target = Self.target(of: request)
        fields = PassedFields.throughProxy(request, forwards: Self.forwardsLeft(of: request).map { max(0, $0 - 1) })
        let saysLength = request.place(of: "content-length") != nil || request.place(of: "transfer-encoding") != nil
        length = saysLength ? request.body.count + (request.aside?.count ?? 0) : nil
    }

    /// RFC 9112 3.2.1: to an origin server, a request has its path and query alone, and "/" where the path is empty.
    /// 3.2.4: an OPTIONS of a target with "an empty path and no query component" is one of `*` for "the last proxy on
    /// the request chain".
    private static func target(of request: borrowing Request) -> [UInt8] {
        var target = Array(request.head[request.path])
        if target.isEmpty, request.query == nil, request.isMethod("OPTIONS") { return [UInt8(ascii: "*")] }
        if target.isEmpty { target = [UInt8(ascii: "/")] }
        if let query = request.query { target += [UInt8(ascii: "?")] + request.head[query] }
        return target
    }

    /// How often a request may still be passed on. RFC 9110 7.6.2: for TRACE and OPTIONS alone; at 0 "the intermediary
    /// MUST NOT forward the request; instead, the intermediary MUST respond as the final recipient". Nil where nothing
    /// is said, or no number.
    package static func forwardsLeft(of request: borrowing Request) -> Int? {
        guard request.isMethod("TRACE") || request.isMethod("OPTIONS") else { return nil }
        return request.value(of: "max-forwards" as StaticString).flatMap { ASCII.decimal($0) }
    }
}
