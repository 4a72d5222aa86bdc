import Bytes

/// How a message says where its content ends: RFC 9112 section 6.3, without its permissions to repair.
enum Framing: Equatable {
    case length(Int)
    case chunked
    case unstated

    init(_ control: ControlFields, in bytes: Span<UInt8>, minorVersion: UInt8) throws(MessageRefusal) {
        if let coding = control.transferEncoding {
            // "A server MAY reject a request that contains both Content-Length and Transfer-Encoding": we do.
            guard control.contentLength == nil else {
                throw .malformed("The message has both Content-Length and Transfer-Encoding (RFC 9112 section 6.3).")
            }
            // 6.1: "A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding header field
            // MUST treat the message as if the framing is faulty".
            guard minorVersion >= 1 else {
                throw .malformed("An HTTP/1.0 message cannot have a Transfer-Encoding (RFC 9112 section 6.1).")
            }
            try Self.checkCoding(bytes.extracting(coding))
            self = .chunked
        } else if let length = control.contentLength {
            self = .length(try Self.length(bytes.extracting(length)))
        } else {
            self = .unstated
        }
    }

    /// Exactly "chunked". RFC 9112 6.3: when "the chunked transfer coding is not the final encoding, the message body
    /// length cannot be determined reliably; the server MUST respond with the 400"; 6.1: a coding that is not
    /// understood before it is 501.
    private static func checkCoding(_ value: Span<UInt8>) throws(MessageRefusal) {
        if ASCII.equals(value, lowercase: "chunked") { return }
        guard codingsStand(before: "chunked", in: value) else {
            throw .malformed("Transfer-Encoding is not exactly \"chunked\" (RFC 9112 section 6.3).")
        }
        throw MessageRefusal(
            status: 501, message: "This server knows no transfer coding but chunked (RFC 9112 section 6.1).")
    }

    /// Whether the value is a list of other codings with `last` once, at its end.
    private static func codingsStand(before last: StaticString, in value: Span<UInt8>) -> Bool {
        var start = 0
        var sawLast = false
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            let coding = value.extracting(ControlFields.trimmed(value, start..<end))
            guard !sawLast, isToken(coding), !ASCII.equals(coding, lowercase: "identity") else { return false }
            sawLast = ASCII.equals(coding, lowercase: last)
            start = end + 1
        }
        return sawLast
    }

    private static func isToken(_ bytes: Span<UInt8>) -> Bool {
        bytes.count > 0 && CharacterClass.token.run(in: bytes, from: 0, to: bytes.count) == bytes.count
    }

    /// RFC 9110 8.6: Content-Length = 1*DIGIT. 18 digits always fit.
    private static func length(_ value: Span<UInt8>) throws(MessageRefusal) -> Int {
        guard value.count > 0, value.count <= 18 else {
            throw .malformed("Content-Length is not a number of 1 to 18 digits (RFC 9110 section 8.6).")
        }
        var length = 0
        for index in 0..<value.count {
            guard ASCII.isDigit(value[index]) else {
                throw .malformed("Content-Length is not digits alone (RFC 9110 section 8.6).")
            }
            length = length * 10 + Int(value[index] - 0x30)
        }
        return length
    }
}

/// Takes the content of one message out of its framing. The content itself stays with the caller, who grows it in place:
/// a copy at every read would make large bodies quadratic.
struct BodyReader {
    private enum End { case length, lastChunk, connection }

    private let limit: Int
    private let end: End
    /// Of a body whose length is known.
    private var missing = 0
    private var chunks: ChunkReader

    init(_ framing: Framing, limits: Limits) throws(MessageRefusal) {
        limit = limits.body
        chunks = ChunkReader(limits: limits)
        switch framing {
        case .length(let length):
            guard length <= limits.body else { throw .bodyTooLarge(limits) }
            (end, missing) = (.length, length)
        case .chunked: end = .lastChunk
        case .unstated: end = .connection
        }
    }

    /// What is announced may never come: room for all of it is made when this much came.
    private static let firstRoom = 262_144

    var isComplete: Bool {
        switch end {
        case .length: missing == 0
        case .lastChunk: chunks.isDone
        case .connection: false
        }
    }

    var endsWithConnection: Bool { end == .connection }

    /// Appends what belongs to it from `input` to `content`, and returns where it stopped.
    mutating func read(_ input: Span<UInt8>, from start: Int, into content: inout [UInt8]) throws(MessageRefusal) -> Int
    {
        switch end {
        case .length:
            let stop = start + min(missing, input.count - start)
            if content.count + stop - start > Self.firstRoom { content.reserveCapacity(content.count + missing) }
            append(input.extracting(start..<stop), to: &content)
            missing -= stop - start
            return stop
        case .lastChunk: return try chunks.read(input, from: start, into: &content)
        case .connection:
            guard input.count - start <= limit - content.count else {
                throw MessageRefusal(status: 413, message: "The body is longer than \(limit) bytes.")
            }
            append(input.extracting(start...), to: &content)
            return input.count
        }
    }

    private func append(_ bytes: Span<UInt8>, to content: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { content.append(contentsOf: $0) }
    }
}
