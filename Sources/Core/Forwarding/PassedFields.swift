import Bytes
import HTTPWire

// Rules.  RFC 9110 7.6.1: "Intermediaries MUST parse a received Connection header field before a message is forwarded and,
//         for each connection-option in this field, remove any header or trailer field(s) from the message with the same
//         name as the connection-option, and then remove the Connection header field itself". So in both directions.
// Theory. What is the emulator's own is nobody else's business: how a call is steered, and by which signature it was let
//         in. A signature holds for the host that it was made for, so it is of no use to another one.

/// Which header fields go on.
package enum PassedFields {
    /// Those that concern one connection (RFC 9110 7.6.1 lists them), and those that each side writes itself.
    private static let ownOfConnection = NameList([
        "connection", "content-length", "keep-alive", "proxy-authenticate", "proxy-authentication-info",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ])
    private static let ownOfRequest = NameList(["accept-encoding", "expect", "host"])
    private static let signature = NameList([
        "authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token",
    ])

    /// What of a client's request the service sees.
    package static func ofRequest(_ request: borrowing Request, isSigned: Bool) -> FieldBlock {
        let head = request.head
        let options = options(request.fields, in: head)
        var block = FieldBlock()
        for field in request.fields {
            let name = head.span.extracting(field.name)
            if ownOfConnection.has(name) || ownOfRequest.has(name) || begins(name, "x-understudy-")
                || begins(name, "sec-websocket-")
            {
                continue
            }
            if isSigned && signature.has(name) || isOne(name, of: options) { continue }
            block.add(read: field, in: head.span)
        }
        block.add("Accept-Encoding", "identity")
        return block
    }

    /// All but what concerns the connection and the emulator: the signature holds as it did.
    package static func unchanged(_ request: borrowing Request) -> FieldBlock { unchanged(request, but: "") }

    private static func unchanged(_ request: borrowing Request, but other: StaticString) -> FieldBlock {
        let head = request.head
        let options = options(request.fields, in: head)
        var block = FieldBlock()
        for field in request.fields {
            let name = head.span.extracting(field.name)
            let isOwn = ownOfConnection.has(name) || isOne(name, of: options) || begins(name, "x-understudy-")
            if isOwn || ASCII.equals(name, lowercase: "host") || ASCII.equals(name, lowercase: "expect") { continue }
            if ASCII.equals(name, lowercase: other) { continue }
            block.add(read: field, in: head.span)
        }
        return block
    }

    /// What of a request another server sees, when this one is the client's proxy. `forwards` is what Max-Forwards says
    /// from here on; nil leaves it as it is.
    package static func throughProxy(_ request: borrowing Request, forwards: Int?) -> FieldBlock {
        var block = unchanged(request, but: forwards == nil ? "" : "max-forwards")
        if let forwards { block.add("Max-Forwards", decimal: forwards) }
        block.add("Via", via(request.minorVersion))
        return block
    }

    /// What of another server's answer a client sees, when this one is its proxy.
    package static func throughProxy(_ response: borrowing Response) -> FieldBlock {
        var block = ofAnswer(response, keepsServer: true)
        block.add("Via", via(response.minorVersion))
        return block
    }

    /// RFC 9110 7.6.3: "A proxy MUST send an appropriate Via header field, as described below, in each message that it
    /// forwards." It has the version of the message as it was received; "HTTP/" may be left out.
    private static func via(_ minorVersion: UInt8) -> String { "1.\(minorVersion) understudy" }

    /// What of the other side's answer the client sees. `Server` is the emulator's own.
    package static func ofAnswer(_ response: borrowing Response) -> FieldBlock {
        ofAnswer(response, keepsServer: false)
    }

    private static func ofAnswer(_ response: borrowing Response, keepsServer: Bool) -> FieldBlock {
        let head = response.head
        let options = options(response.fields, in: head)
        var block = FieldBlock()
        for field in response.fields {
            let name = head.span.extracting(field.name)
            if ownOfConnection.has(name) || isOne(name, of: options) { continue }
            // Those are the emulator's own, and another emulator may be the other side.
            if !keepsServer, ASCII.equals(name, lowercase: "server") || begins(name, "x-understudy-") { continue }
            block.add(read: field, in: head.span)
        }
        return block
    }

    private static func isOne(_ name: Span<UInt8>, of names: [ArraySlice<UInt8>]) -> Bool {
        for candidate in names where candidate.count == name.count {
            if ASCII.equalsIgnoringCase(candidate.span, name) { return true }
        }
        return false
    }

    static func begins(_ name: Span<UInt8>, _ prefix: StaticString) -> Bool {
        let count = prefix.utf8CodeUnitCount
        return name.count >= count && ASCII.equals(name.extracting(..<count), lowercase: prefix)
    }

    /// The names that Connection lists. Nearly always one that stands in the list above, or none.
    private static func options(_ fields: [FieldRange], in head: [UInt8]) -> [ArraySlice<UInt8>] {
        var names: [ArraySlice<UInt8>] = []
        for field in fields where ASCII.equals(head.span.extracting(field.name), lowercase: "connection") {
            if ASCII.equals(head.span.extracting(field.value), lowercase: "keep-alive") { continue }
            for part in head[field.value].split(separator: UInt8(ascii: ",")) {
                let name = part.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 }
                if !name.isEmpty { names.append(name) }
            }
        }
        return names
    }

    // MARK: The target

    /// Query parameters by which a request is signed.
    private static let signedParameters = NameList([
        "x-amz-algorithm", "x-amz-content-sha256", "x-amz-credential", "x-amz-date", "x-amz-expires",
        "x-amz-security-token", "x-amz-signature", "x-amz-signedheaders",
    ])

    /// The path below any space, with its query, without a signature in it.
    package static func target(_ request: borrowing Request, path: Range<Int>, isSigned: Bool) -> [UInt8] {
        let head = request.head
        guard let query = request.query else { return Array(head[path]) }
        guard isSigned else { return Array(head[path]) + [UInt8(ascii: "?")] + head[query] }
        let parts = head[query].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        let kept = parts.filter { part in
            let name = PercentEncoding.decode(part.prefix { $0 != UInt8(ascii: "=") }) ?? []
            return !signedParameters.has(name.span)
        }
        if kept.isEmpty { return Array(head[path]) }
        return Array(head[path]) + [UInt8(ascii: "?")] + kept.joined(separator: [UInt8(ascii: "&")])
    }
}

extension Response {
    /// What its head says of the content's length.
    package var contentLength: ResponseHead.Length {
        guard let place = place(of: "content-length"), let length = ASCII.decimal(head[place]) else { return .unknown }
        return .known(length)
    }
}

/// Names in lower case. Their lengths alone tell most others from them.
private struct NameList: Sendable {
    private let names: [StaticString]
    /// A bit for each length; those beyond share the last.
    private let lengths: UInt64

    init(_ names: [StaticString]) {
        self.names = names
        lengths = names.reduce(0) { $0 | Self.bit($1.utf8CodeUnitCount) }
    }

    private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

    func has(_ name: Span<UInt8>) -> Bool {
        guard lengths & Self.bit(name.count) != 0 else { return false }
        for candidate in names where ASCII.equals(name, lowercase: candidate) { return true }
        return false
    }
}
