/// The status and the fields of an answer, before the connection's own fields (length, framing, keep-alive) join them.
package struct ResponseHead: Equatable, Sendable {
    package enum Length: Equatable, Sendable {
        case known(Int)
        /// Chunked for HTTP/1.1, until close for HTTP/1.0.
        case unknown
    }

    package var status: Int
    package var fields: FieldBlock
    package var length: Length

    package init(status: Int, fields: FieldBlock, length: Length) {
        self.status = status
        self.fields = fields
        self.length = length
    }
}
