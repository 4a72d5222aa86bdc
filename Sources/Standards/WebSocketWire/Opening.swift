import Bytes
import Crypto

/// The opening handshake as values (RFC 6455 section 4): what a request asks for, what answers it, and what a client
/// makes of the answer. Whoever reads and writes HTTP hands in fields by their names, in lower case, each line's value by
/// itself.
package enum Opening {
    package typealias Fields = (_ name: StaticString) -> [ArraySlice<UInt8>]
    package typealias Line = (name: StaticString, value: String)

    /// "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" is what makes the answer one of a server that knows WebSocket (1.3).
    static func accept(_ key: String) -> String {
        Base64.standard.encode(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    /// The elements of a `#token` list over all lines of a field.
    static func elements(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        lines.flatMap { $0.split(separator: UInt8(ascii: ",")) }.map { element in
            let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
            let rest = element.drop(while: isSpace)
            return rest.prefix((rest.lastIndex { !isSpace($0) } ?? rest.startIndex - 1) - rest.startIndex + 1)
        }.filter { !$0.isEmpty }
    }

    static func has(_ word: StaticString, in lines: [ArraySlice<UInt8>]) -> Bool {
        elements(lines).contains { ASCII.equals($0.span, lowercase: word) }
    }
}

/// What a client asks for.
package struct OpeningRequest: Equatable, Sendable {
    package enum Refusal: Error, Hashable, Sendable {
        case method
        case httpVersion
        case host
        case upgrade
        case connection
        case key
        case version
        case protocols

        /// 4.2.2: "an appropriate HTTP error code (such as 426 Upgrade Required)" and the versions for an unknown one. RFC
        /// 9110 15.5.22 has the same status for a client that asks for no upgrade where nothing else is to be had.
        package var status: Int {
            switch self {
            case .upgrade, .connection, .version: 426
            case .method, .httpVersion, .host, .key, .protocols: 400
            }
        }

        /// The fields beside the status.
        package var lines: [Opening.Line] {
            status == 426 ? [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")] : []
        }
    }

    private let key: String
    /// The subprotocols offered, by preference.
    package let protocols: [String]

    /// Whether this request is meant to open a conversation, rightly or wrongly.
    package static func isMeant(by fields: Opening.Fields) -> Bool { Opening.has("websocket", in: fields("upgrade")) }

    /// 4.2.1, in its order. Extensions are read by nobody: none is agreed to, which declines them all (9.1).
    ///
    /// The key "MUST NOT appear more than once" (11.3.1), nor may the version of a request (11.3.5). Some clients are handed
    /// all fields of an opening and send them behind those of their own library, whose key is the one that they check: the
    /// first of several keys counts, and of the others what says the same.
    package init(method: some Collection<UInt8>, minorVersion: Int, fields: Opening.Fields) throws(Refusal) {
        guard method.elementsEqual("GET".utf8) else { throw .method }
        guard minorVersion >= 1 else { throw .httpVersion }
        let hosts = fields("host")
        guard let host = hosts.first, hosts.allSatisfy({ $0.elementsEqual(host) }) else { throw .host }
        guard Opening.has("websocket", in: fields("upgrade")) else { throw .upgrade }
        guard Opening.has("upgrade", in: fields("connection")) else { throw .connection }
        let keys = fields("sec-websocket-key")
        guard !keys.isEmpty, keys.allSatisfy({ Base64.standard.decode($0)?.count == 16 }) else { throw .key }
        let versions = fields("sec-websocket-version")
        guard !versions.isEmpty, versions.allSatisfy({ $0.elementsEqual("13".utf8) }) else { throw .version }
        key = String(lossy: keys[0])
        protocols = try Self.protocols(fields("sec-websocket-protocol"))
    }

    /// "The elements that comprise this value MUST be non-empty strings with characters in the range U+0021 to U+007E not
    /// including separator characters … and MUST all be unique strings" (4.1).
    private static func protocols(_ lines: [ArraySlice<UInt8>]) throws(Refusal) -> [String] {
        let elements = Opening.elements(lines)
        let names = elements.map { String(lossy: $0) }
        guard elements.allSatisfy({ $0.allSatisfy(ASCII.isToken) }), Set(names).count == names.count
        else { throw .protocols }
        return names
    }

    /// The fields of the 101 that opens it. `chosen` is one of those offered, or nil.
    package func answer(choosing chosen: String?) -> [Opening.Line] {
        var lines: [Opening.Line] = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", Opening.accept(key)),
        ]
        if let chosen { lines.append(("Sec-WebSocket-Protocol", chosen)) }
        return lines
    }
}

extension OpeningRequest.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .method: "the method is not GET"
        case .httpVersion: "HTTP/1.1 is wanted"
        case .host: "there is not one Host field"
        case .upgrade: "the Upgrade field does not list websocket"
        case .connection: "the Connection field does not list Upgrade"
        case .key: "Sec-WebSocket-Key is not 16 bytes in base64"
        case .version: "Sec-WebSocket-Version is not 13"
        case .protocols: "Sec-WebSocket-Protocol is no list of different tokens"
        }
    }
}

/// What a client sends, and whether an answer opens the conversation.
package struct OpeningOffer: Equatable, Sendable {
    package enum Refusal: Error, Hashable, Sendable {
        case status(Int)
        case upgrade
        case connection
        case accept
        case extensions
        case subprotocol
    }

    private let key: String
    private let protocols: [String]

    /// 4.1: the key is "a randomly selected 16-byte value".
    package init(protocols: [String] = [], chance: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        for _ in 0..<2 { withUnsafeBytes(of: chance.next()) { bytes.append(contentsOf: $0) } }
        key = Base64.standard.encode(bytes)
        self.protocols = protocols
    }

    /// The fields of the GET, beside Host.
    package var lines: [Opening.Line] {
        var lines: [Opening.Line] = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", key),
            ("Sec-WebSocket-Version", "13"),
        ]
        if !protocols.isEmpty { lines.append(("Sec-WebSocket-Protocol", protocols.joined(separator: ", "))) }
        return lines
    }

    /// The subprotocol that was chosen, if any; 4.1, the client "MUST validate the server's response".
    package func check(status: Int, fields: Opening.Fields) throws(Refusal) -> String? {
        guard status == 101 else { throw .status(status) }
        guard Opening.has("websocket", in: fields("upgrade")) else { throw .upgrade }
        guard Opening.has("upgrade", in: fields("connection")) else { throw .connection }
        let accepts = fields("sec-websocket-accept")
        guard accepts.count == 1, accepts[0].elementsEqual(Opening.accept(key).utf8) else { throw .accept }
        guard Opening.elements(fields("sec-websocket-extensions")).isEmpty else { throw .extensions }
        let chosen = fields("sec-websocket-protocol").map { String(lossy: $0) }
        guard chosen.count <= 1, chosen.allSatisfy(protocols.contains) else { throw .subprotocol }
        return chosen.first
    }
}
