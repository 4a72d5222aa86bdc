/// Why a message is not read any further. The connection closes after it: where the next message would begin is unknown.
package struct MessageRefusal: Error, Equatable, Sendable {
    package let status: Int
    /// One sentence for whoever wrote the client. It never repeats what the message held.
    package let message: String

    package init(status: Int, message: String) {
        self.status = status
        self.message = message
    }

    package var reasonPhrase: StaticString { ReasonPhrase.of(status) }

    /// RFC 8446 5.1: a record that holds a handshake begins with 22.
    static let handshake = malformed(
        "The client began a TLS handshake, and this port speaks plain HTTP: write http:// in its URL, or call the port for "
            + "TLS (--tls-port).")

    static func malformed(_ message: String) -> MessageRefusal { MessageRefusal(status: 400, message: message) }
}

extension MessageRefusal {
    /// A control character where RFC 9112 2.2 and RFC 9110 5.5 allow none.
    static func control(_ byte: UInt8, at place: String) -> MessageRefusal {
        switch byte {
        case 0x0A: malformed("\(place) ends in a bare line feed; lines end in CR LF (RFC 9112 section 2.2).")
        case 0x0D: malformed("\(place) holds a carriage return without its line feed (RFC 9112 section 2.2).")
        default: malformed("\(place) holds the control character 0x\(hex(byte)) (RFC 9110 section 5.5).")
        }
    }

    static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }
}

/// The sizes beyond which a message is refused. Bytes, unless the name says otherwise.
package struct Limits: Equatable, Sendable {
    /// Request line and header section together, the empty line included; the same again for trailers.
    package var head = 65_536
    package var requestLine = 32_768
    package var method = 32
    package var fieldCount = 200
    package var body = 100_000_000
    /// RFC 9112 7.1.1: "A server ought to limit the total length of chunk extensions received in a request".
    package var chunkExtensions = 16_384

    package init() {}
}
