import Bytes

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

/// Answers as bytes. Everything is appended to the caller's buffer, so that a head and its body leave in one write.
///
/// RFC 9112 section 6 decides the framing; the writer remembers it for the pieces that follow, one writer an answer:
/// `append(head)`, `append(body)` as often as needed, `appendEnd`. Then `closesConnection` says what is left to do.
package struct ResponseWriter: Equatable, Sendable {
    /// What the answer depends on, beside itself.
    package struct Circumstances: Equatable, Sendable {
        package var isHead: Bool
        package var minorVersion: UInt8
        /// What the client asked for and the server allows.
        package var keepsAlive: Bool
        /// The client expects 100 Continue, and was not sent it.
        package var awaitsContinue: Bool

        package init(isHead: Bool, minorVersion: UInt8, keepsAlive: Bool, awaitsContinue: Bool = false) {
            self.isHead = isHead
            self.minorVersion = minorVersion
            self.keepsAlive = keepsAlive
            self.awaitsContinue = awaitsContinue
        }

        package init(answering request: borrowing Request, serverKeepsAlive: Bool = true) {
            isHead = request.isMethod("HEAD")
            minorVersion = request.minorVersion
            keepsAlive = request.keepsAlive && serverKeepsAlive
            awaitsContinue = request.awaitsContinue
        }
    }

    private enum Framing: Equatable {
        case none
        /// Bytes that were promised and did not leave yet; below zero when more left than were promised.
        case length(Int)
        case chunked
        case untilClose
    }

    private var framing = Framing.none
    private var keepsAlive = false

    package init() {}

    /// RFC 9110 10.1.1, whole.
    package static let continueHead: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"

    /// Appends the status line, the fields and the connection's own fields. `date` is the value of Date (IMF-fixdate), and
    /// `server` that of Server; empty, there is none.
    ///
    /// RFC 9110 7.8: "A server that receives both an Upgrade and an Expect header field with the '100-continue'
    /// expectation MUST send a 100 (Continue) response before sending a 101 (Switching Protocols) response." Before any
    /// other it may be left out where there is nothing to go on with (10.1.1).
    package mutating func append(
        _ head: ResponseHead, _ circumstances: Circumstances, date: [UInt8], server: [UInt8] = [],
        to buffer: inout [UInt8]
    ) {
        let status = (100...999).contains(head.status) ? head.status : 500
        let given = GivenFields(head.fields)
        framing = Self.framing(head.length, status, circumstances)
        keepsAlive = circumstances.keepsAlive && framing != .untilClose && !given.asksToClose
        if status == 101, circumstances.awaitsContinue { buffer.append(Self.continueHead) }
        let room = Self.mostOwnBytes + date.count + server.count + head.fields.bytes.count
        if buffer.capacity - buffer.count < room { buffer.reserveCapacity(max(1_024, 2 * buffer.count + room)) }
        buffer.append(addingCapacity: room) { line in
            if status == 200 {
                line.append("HTTP/1.1 200 OK")
            } else {
                line.append("HTTP/1.1 ")
                line.append(decimal: status)
                line.append(" ")
                line.append(ReasonPhrase.of(status))
            }
            if !date.isEmpty, !given.hasDate {
                line.append("\r\nDate: ")
                line.append(date.span)
            }
            if !server.isEmpty, !given.hasServer {
                line.append("\r\nServer: ")
                line.append(server.span)
            }
            line.append("\r\n")
            given.append(head.fields, isSwitching: status == 101, to: &line)
            appendFraming(to: &line)
            if status >= 200 { appendConnection(circumstances, mayUpgrade: given.hasUpgrade, to: &line) }
            line.append("\r\n")
        }
        if circumstances.isHead || status == 205 { framing = .none }
    }

    /// More than the status line and the connection's own fields take.
    private static let mostOwnBytes = 200

    /// RFC 9112 6.3: no content in 1xx, 204 and 304; chunks only for HTTP/1.1. RFC 9110 15.3.6: "a server MUST NOT
    /// generate content in a 205 response", which says so by its length and is then over, as an answer to HEAD is:
    /// whatever else left would be read as the beginning of the next answer.
    private static func framing(_ length: ResponseHead.Length, _ status: Int, _ circumstances: Circumstances) -> Framing
    {
        if status < 200 || status == 204 || status == 304 { return .none }
        if status == 205 { return .length(0) }
        switch length {
        case .known(let count): return .length(max(0, count))
        case .unknown: return circumstances.minorVersion >= 1 ? .chunked : .untilClose
        }
    }

    private func appendFraming(to buffer: inout OutputSpan<UInt8>) {
        switch framing {
        case .length(let count):
            buffer.append("Content-Length: ")
            buffer.append(decimal: count)
            buffer.append("\r\n")
        case .chunked: buffer.append("Transfer-Encoding: chunked\r\n")
        case .none, .untilClose: break
        }
    }

    /// RFC 9110 7.8: "A sender of Upgrade MUST also send an 'Upgrade' connection option in the Connection header
    /// field", be it only to name, in a 426, what the server would go over to.
    private func appendConnection(
        _ circumstances: Circumstances, mayUpgrade: Bool, to buffer: inout OutputSpan<UInt8>
    ) {
        let isTold = !keepsAlive || circumstances.minorVersion == 0
        guard isTold || mayUpgrade else { return }
        buffer.append("Connection: ")
        if isTold { buffer.append(keepsAlive ? "keep-alive" : "close") }
        if isTold, mayUpgrade { buffer.append(", ") }
        if mayUpgrade { buffer.append("Upgrade") }
        buffer.append("\r\n")
    }

    /// Appends a piece of the body, as a chunk of its own where the body is chunked. An empty piece is nothing: an empty
    /// chunk would end the body.
    package mutating func append(_ body: Span<UInt8>, to buffer: inout [UInt8]) {
        guard body.count > 0 else { return }
        switch framing {
        case .none: return
        case .untilClose: Self.append(body, to: &buffer)
        case .length(let rest):
            framing = .length(rest - body.count)
            Self.append(body, to: &buffer)
        case .chunked:
            Self.append(hexadecimal: body.count, to: &buffer)
            buffer.append("\r\n")
            Self.append(body, to: &buffer)
            buffer.append("\r\n")
        }
    }

    package mutating func append(_ body: [UInt8], to buffer: inout [UInt8]) { append(body.span, to: &buffer) }

    /// Appends what stands before a piece that leaves from where it lies, and returns what stands after it.
    package mutating func appendOpening(ofPiece count: Int, to buffer: inout [UInt8]) -> [UInt8] {
        switch framing {
        case .none, .untilClose: return []
        case .length(let rest):
            framing = .length(rest - count)
            return []
        case .chunked:
            Self.append(hexadecimal: count, to: &buffer)
            buffer.append("\r\n")
            return [0x0D, 0x0A]
        }
    }

    /// Whether the answer has a body at all: an answer to HEAD has none, nor has 205.
    package var hasBody: Bool { framing != .none }

    /// How many bytes a piece of `count` bytes takes on the wire.
    package func countOnWire(ofPiece count: Int) -> Int {
        guard framing == .chunked, count > 0 else { return count }
        return count + (Int.bitWidth - count.leadingZeroBitCount + 3) / 4 + 4
    }

    /// Ends the body. A body that is not as long as promised leaves the connection unusable.
    package mutating func appendEnd(to buffer: inout [UInt8]) {
        switch framing {
        case .chunked: buffer.append("0\r\n\r\n")
        case .length(let rest) where rest != 0: keepsAlive = false
        default: break
        }
        framing = .none
    }

    /// Whether the connection closes once the answer has left.
    package var closesConnection: Bool { !keepsAlive }

    private static func append(_ bytes: Span<UInt8>, to buffer: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    }

    private static func append(hexadecimal number: Int, to buffer: inout [UInt8]) {
        var shift = (Int.bitWidth - 1 - number.leadingZeroBitCount) / 4 * 4
        while shift >= 0 {
            buffer.append(Hex.digit(UInt8(number >> shift & 15)))
            shift -= 4
        }
    }
}
