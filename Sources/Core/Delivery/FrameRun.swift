/// The frames of a streamed reply, shared by all calls that answer with them.
package struct FrameScript: Equatable, Sendable {
    package struct Frame: Equatable, Sendable {
        /// The frame as it leaves, its blank line included.
        package var bytes: [UInt8]
        /// Nanoseconds after the run began.
        package var offset: Int64
        /// Nanoseconds since the frame before it: what jitter may bend.
        package var gap: Int64

        package init(bytes: [UInt8], offset: Int64, gap: Int64) {
            self.bytes = bytes
            self.offset = offset
            self.gap = gap
        }
    }

    package var frames: [Frame]
    /// 0 to 1: the share of its gap by which a frame may come earlier or later, half of it on either side.
    package var jitter: Double

    package init(frames: [Frame], jitter: Double = 0) {
        self.frames = frames
        self.jitter = jitter
    }
}

/// Some of a script's frames, each at its absolute deadline. Holds no state: a deadline is a pure function of the
/// run and the frame's number, so 10,000 open streams share one script.
package struct FrameRun: Equatable, Sendable {
    package var script: FrameScript
    package var range: Range<Int>
    /// Nanoseconds after the call arrived.
    package var start: Int64
    package var seed: UInt64
    /// Nil: a frame leaves whole. Otherwise in pieces, see `pieceCount(of:)`.
    package var bytesPerSecond: Int?

    package init(
        script: FrameScript, range: Range<Int>? = nil, start: Int64, seed: UInt64, bytesPerSecond: Int? = nil
    ) {
        self.script = script
        self.range = range ?? 0..<script.frames.count
        self.start = start
        self.seed = seed
        self.bytesPerSecond = bytesPerSecond
    }

    /// When frame `index` of the script is due, in nanoseconds after the call arrived.
    package func due(_ index: Int) -> Int64 {
        let frame = script.frames[index]
        guard script.jitter > 0 else { return start + frame.offset }
        var chance = Chance(seed: seed, number: UInt64(index))
        let displacement = (chance.unit() - 0.5) * script.jitter * Double(frame.gap)
        return max(start, start + frame.offset + Int64(displacement))
    }
}
