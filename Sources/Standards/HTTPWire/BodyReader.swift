import Bytes

/// Takes the content of one message out of its framing. The content itself stays with the caller, who grows it in place:
/// a copy at every read would make large bodies quadratic.
struct BodyReader {
    private enum Rest {
        case length(Int)
        case chunks(ChunkReader)
        case untilClose
    }

    private let limit: Int
    private var rest: Rest

    init(_ framing: Framing, limits: Limits) throws(Refusal) {
        limit = limits.body
        switch framing {
        case .length(let length):
            guard length <= limits.body else { throw .bodyTooLarge(limits) }
            rest = .length(length)
        case .chunked: rest = .chunks(ChunkReader(limits: limits))
        case .unstated: rest = .untilClose
        }
    }

    /// What is announced may never come: room for all of it is made when this much came.
    private static let firstRoom = 262_144

    var isComplete: Bool {
        switch rest {
        case .length(let rest): rest == 0
        case .chunks(let reader): reader.isDone
        case .untilClose: false
        }
    }

    var endsWithConnection: Bool {
        if case .untilClose = rest { return true }
        return false
    }

    /// Appends what belongs to it from `input` to `content`, and returns where it stopped.
    mutating func read(_ input: Span<UInt8>, from start: Int, into content: inout [UInt8]) throws(Refusal) -> Int {
        switch rest {
        case .length(let missing):
            let end = start + min(missing, input.count - start)
            let arrived = content.count + end - start
            if arrived > Self.firstRoom { content.reserveCapacity(content.count + missing) }
            append(input.extracting(start..<end), to: &content)
            rest = .length(missing - (end - start))
            return end
        case .chunks(var reader):
            rest = .untilClose
            let end = try reader.read(input, from: start, into: &content)
            rest = .chunks(reader)
            return end
        case .untilClose:
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
