import Delivery

/// What was streamed, worked out from the run that was planned and the lateness that was noted.
extension Call {
    /// Every frame that left. Empty until the call has ended: only its ending tells what left.
    package var frameRecords: [FrameRecord] {
        if let restoredFrames { return restoredFrames }
        guard let run = reply?.frames, let ending else { return [] }
        return run.records(ending.frames)
    }

    /// The body of the reply as far as it left, and how long it was in full. A stream that still runs is told as far
    /// as it was due `now`, or not at all where no one knows the time.
    package func replyBody(now offset: Int64? = nil) -> (kept: [UInt8], bytes: Int) {
        guard let reply else { return ([], 0) }
        guard restoredFrames == nil, let run = reply.frames else { return (reply.body, reply.bodyBytes) }
        if let ending { return run.body(ending.frames) }
        guard let offset else { return ([], 0) }
        return run.body(run.indices.lowerBound..<(run.indices.first { run.due($0) > offset } ?? run.indices.upperBound))
    }
}

extension FrameRun {
    /// What became of the frames that left: the run knows when each was due, the log how late it was.
    package func records(_ log: FrameLog) -> [FrameRecord] {
        // A run may name fewer frames than left when a fault repeats some; none is made up for those.
        zip(indices, log.microseconds).map { index, lateness in
            let due = due(index)
            return FrameRecord(due: due, sent: due + lateness * 1_000, bytes: script.frames[index].bytes.count)
        }
    }

    /// The body that the frames that left make, and how long it was in full.
    package func body(_ log: FrameLog) -> (kept: [UInt8], bytes: Int) {
        body(indices.prefix(log.microseconds.count))
    }

    fileprivate func body(_ sent: Range<Int>) -> (kept: [UInt8], bytes: Int) {
        var (kept, bytes): ([UInt8], Int) = ([], 0)
        for frame in script.frames[sent] {
            bytes += frame.bytes.count
            if kept.count <= KeptBody.limit { kept.append(contentsOf: frame.bytes) }
        }
        return (KeptBody.cut(kept), bytes)
    }

    /// The frames that the script really has.
    fileprivate var indices: Range<Int> { range.clamped(to: 0..<script.frames.count) }
}
