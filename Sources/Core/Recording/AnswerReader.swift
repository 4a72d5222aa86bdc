import Bytes

/// Reads one answer of this program's own as it comes, and says where its chunks end: what a parser of HTTP rightly
/// keeps to itself.
package struct AnswerReader: Sendable {
    package enum Event: Equatable, Sendable {
        case head(status: Int)
        /// Bytes of the body.
        case body(Range<Int>)
        case chunkEnded
        case ended
        /// These bytes are no answer.
        case garbage
    }

    private enum Stage: Equatable {
        case head
        case chunkSize
        case chunk(Int)
        case chunkBreak
        case lastBreak
        case length(Int)
        case untilClose
        case ended
    }

    private var stage = Stage.head
    private var line: [UInt8] = []
    private var status = 0
    private var body = Stage.untilClose
    package private(set) var isChunked = false

    package init() {}

    package var isEnded: Bool { stage == .ended }

    package mutating func read(_ bytes: [UInt8], _ tell: (Event) -> Void) {
        var at = 0
        while at < bytes.count, stage != .ended {
            switch stage {
            case .chunk(let left), .length(let left):
                let end = min(bytes.count, at + left)
                tell(.body(at..<end))
                advance(by: end - at, of: left, tell)
                at = end
            case .untilClose:
                tell(.body(at..<bytes.count))
                at = bytes.count
            case .head, .chunkSize, .chunkBreak, .lastBreak:
                line.append(bytes[at])
                at += 1
                guard line.suffix(2) == [0x0D, 0x0A] else { continue }
                let text = line.dropLast(2)
                line = []
                take(text, tell)
            case .ended: return
            }
        }
    }

    private mutating func advance(by count: Int, of left: Int, _ tell: (Event) -> Void) {
        if case .chunk = stage {
            stage = count == left ? .chunkBreak : .chunk(left - count)
            if count == left { tell(.chunkEnded) }
        } else {
            stage = count == left ? .ended : .length(left - count)
            if count == left { tell(.ended) }
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>, _ tell: (Event) -> Void) {
        switch stage {
        case .head: takeHead(line, tell)
        case .chunkSize:
            guard let size = Int(String(lossy: line), radix: 16) else {
                stage = .ended
                return tell(.garbage)
            }
            stage = size == 0 ? .lastBreak : .chunk(size)
        case .chunkBreak: stage = .chunkSize
        default:
            stage = .ended
            tell(.ended)
        }
    }

    private mutating func takeHead(_ line: ArraySlice<UInt8>, _ tell: (Event) -> Void) {
        if status == 0 {
            status = line.count >= 12 ? Int(String(lossy: line.dropFirst(9).prefix(3))) ?? 0 : 0
            if status == 0 {
                stage = .ended
                tell(.garbage)
            }
            return
        }
        guard line.isEmpty else {
            let text = String(lossy: line).lowercased()
            if text == "transfer-encoding: chunked" { (body, isChunked) = (.chunkSize, true) }
            if text.hasPrefix("content-length: ") { body = .length(Int(text.dropFirst(16)) ?? 0) }
            return
        }
        tell(.head(status: status))
        stage = body == .length(0) || status == 204 || status == 304 ? .ended : body
        if stage == .ended { tell(.ended) }
    }
}
