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
