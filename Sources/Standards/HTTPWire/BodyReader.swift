import Bytes

/// Takes the content of one message out of its framing. The content itself stays with the caller, who grows it in place:
/// a copy at every read would make large bodies quadratic.
struct BodyReader {
    private enum End { case length, lastChunk, connection }

    private let limit: Int
    private let end: End
    /// Of a body whose length is known.
    private var missing = 0
    private var chunks: ChunkReader

    init(_ framing: Framing, limits: Limits) throws(Refusal) {
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
    mutating func read(_ input: Span<UInt8>, from start: Int, into content: inout [UInt8]) throws(Refusal) -> Int {
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
                throw Refusal(status: 413, message: "The body is longer than \(limit) bytes.")
            }
            append(input.extracting(start...), to: &content)
            return input.count
        }
    }

    private func append(_ bytes: Span<UInt8>, to content: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { content.append(contentsOf: $0) }
    }
}
