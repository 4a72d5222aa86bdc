import Delivery
import HTTPWire

/// What of an answer has passed: enough to say what is missing from it.
struct AnswerSoFar {
    private(set) var head: ResponseHead?
    /// Of a stream. A body that leaves slowly is a run too, but no stream.
    private(set) var frames = 0
    private(set) var hasFrames = false
    /// Of the body, whether it is a stream or not.
    private(set) var bytes = 0
    /// When all of it has left, nanoseconds after the call arrived.
    private(set) var moment: Int64 = 0

    var isStream: Bool { head?.length == .unknown }
    /// What follows is said as it is heard, and not written in advance.
    var isConversation: Bool { head?.status == 101 }

    mutating func note(_ step: Step) {
        moment = max(moment, step.lastDue)
        switch step {
        case .head(let found): head = head ?? found
        case .body(let piece): bytes += piece.count
        case .frames(let run):
            if isStream { (hasFrames, frames) = (true, frames + run.frameIndices.count) }
            bytes = run.frameIndices.reduce(bytes) { $0 + run.script.frames[$1].bytes.count }
        case .wait, .end, .close, .closeConversation, .reset, .hang, .whole: break
        }
    }

    /// Why there are not so many frames, or nil when there are. With 0, whether it is a stream at all.
    func lack(ofFrames count: Int) -> String? {
        guard head != nil else { return "nothing of the answer is left" }
        guard hasFrames else { return "the reply is no stream: it has no frames" }
        return frames >= count ? nil : "the reply has only \(frames) \(frames == 1 ? "frame" : "frames")"
    }

    func lack(ofBytes count: Int) -> String? {
        guard head != nil else { return "nothing of the answer is left" }
        return bytes >= count ? nil : "the body has only \(bytes) \(bytes == 1 ? "byte" : "bytes")"
    }
}

/// A place between two things that leave.
enum AnswerPoint: Equatable, Sendable {
    /// Before anything.
    case start
    case beforeHead
    case afterHead
    /// After so many frames of the stream, 0 for before the first.
    case afterFrames(Int)
    /// After so many bytes of the body, 0 for after the head. A frame or a body that the point lies in is split there.
    case afterBytes(Int)

    /// Where the step that passes next contains the point: what of it stands before and after. Nil while it does not.
    func split(_ step: Step, after passed: AnswerSoFar) -> (before: Step?, after: Step?)? {
        switch (self, step) {
        case (.start, _), (.beforeHead, .head): return (nil, step)
        case (.afterHead, .head), (.afterBytes(0), .head): return (step, nil)
        case (.afterFrames(0), .frames) where passed.isStream: return (nil, step)
        case (.afterFrames(let count), .frames(let run)) where passed.isStream && count > 0:
            return run.split(afterFrames: count - passed.frames)
        case (.afterBytes(let count), .body(let bytes)) where count > 0:
            let size = count - passed.bytes
            guard size <= bytes.count else { return nil }
            return (.body(Array(bytes[..<size])), size == bytes.count ? nil : .body(Array(bytes[size...])))
        case (.afterBytes(let count), .frames(let run)) where count > 0:
            return run.split(afterBytes: count - passed.bytes)
        default: return nil
        }
    }

    /// Why it is not in an answer that has passed, or nil when it is.
    func lack(in passed: AnswerSoFar) -> String? {
        switch self {
        case .start: nil
        case .beforeHead, .afterHead: passed.lack(ofBytes: 0)
        case .afterFrames(let count): passed.lack(ofFrames: count)
        case .afterBytes(let count): passed.lack(ofBytes: count)
        }
    }
}

extension FrameRun {
    /// Nil when it has fewer frames.
    func split(afterFrames count: Int) -> (before: Step?, after: Step?)? {
        let frames = frameIndices
        guard count <= frames.count else { return nil }
        let point = frames.lowerBound + count
        return (
            count == 0 ? nil : .frames(only(frames.lowerBound..<point)),
            count == frames.count ? nil : .frames(only(point..<frames.upperBound))
        )
    }

    /// Nil when its frames have fewer bytes. What is left of a frame that is split follows when its first part has left.
    func split(afterBytes count: Int) -> (before: Step?, after: Step?)? {
        var rest = count
        for (number, index) in frameIndices.enumerated() {
            let bytes = script.frames[index].bytes
            if rest == bytes.count { return split(afterFrames: number + 1) }
            if rest < bytes.count {
                let first = FrameRun(
                    frame: Array(bytes[..<rest]), due: due(index), bytesPerSecond: bytesPerSecond, isBinary: isBinary)
                let second = FrameRun(
                    frame: Array(bytes[rest...]), due: due(index).later(by: duration(of: rest)),
                    bytesPerSecond: bytesPerSecond, isBinary: isBinary)
                let before = [only(frameIndices.lowerBound..<index), first].filter { !$0.range.isEmpty }
                let after = [second, only(index + 1..<frameIndices.upperBound)].filter { !$0.range.isEmpty }
                return (FrameRun(joining: before).map(Step.frames), FrameRun(joining: after).map(Step.frames))
            }
            rest -= bytes.count
        }
        return nil
    }
}
