import SplitMix

/// The frames of a streamed reply, shared by all calls that answer with them.
package struct FrameScript: Equatable, Sendable {
    package struct Frame: Equatable, Sendable {
        /// The frame as it leaves, its blank line included.
        package var bytes: [UInt8]
        /// How many they are as they leave, when what is kept of them is something else.
        private var sentSize: Int?
        /// Nanoseconds after the run began.
        package var offset: Int64
        /// Nanoseconds since the frame before it: what jitter may bend.
        package var gap: Int64

        package init(bytes: [UInt8], offset: Int64, gap: Int64) {
            self.bytes = bytes
            self.offset = offset
            self.gap = gap
        }

        /// How many bytes leave.
        package var size: Int { sentSize ?? bytes.count }

        /// Keeps other bytes of it than those that leave.
        package mutating func mask(_ kept: [UInt8]) {
            sentSize = size
            bytes = kept
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
    /// Of a conversation, whose frames are messages: they are no texts.
    package var isBinary = false

    package init(
        script: FrameScript, range: Range<Int>? = nil, start: Int64, seed: UInt64, bytesPerSecond: Int? = nil
    ) {
        self.script = script
        self.range = range ?? 0..<script.frames.count
        self.start = start
        self.seed = seed
        self.bytesPerSecond = bytesPerSecond
    }

    /// One frame, due at a moment of its own.
    package init(frame bytes: [UInt8], due: Int64, bytesPerSecond: Int?, isBinary: Bool = false) {
        self.init(
            script: FrameScript(frames: [FrameScript.Frame(bytes: bytes, offset: 0, gap: 0)]), start: due, seed: 0,
            bytesPerSecond: bytesPerSecond)
        self.isBinary = isBinary
    }

    /// Whether both can be told as one.
    func isLike(_ other: FrameRun) -> Bool { bytesPerSecond == other.bytesPerSecond && isBinary == other.isBinary }

    /// The frames that the script really has.
    package var frameIndices: Range<Int> { range.clamped(to: 0..<script.frames.count) }

    /// Only these frames of it, by their numbers in the script.
    package func only(_ indices: Range<Int>) -> FrameRun {
        var run = self
        run.range = indices
        return run
    }

    /// When frame `index` of the script is due, in nanoseconds after the call arrived.
    package func due(_ index: Int) -> Int64 {
        let frame = script.frames[index]
        guard script.jitter > 0 else { return start + frame.offset }
        var chance = Chance(seed: seed, number: UInt64(index))
        let displacement = (chance.unit() - 0.5) * script.jitter * Double(frame.gap)
        return max(start, start + frame.offset + Int64(displacement))
    }

    /// When the last byte of the last frame is due.
    package var lastDue: Int64 {
        guard let last = frameIndices.last else { return start }
        return due(last).later(by: duration(of: script.frames[last].bytes.count))
    }

    func hastened(by speed: Double) -> FrameRun {
        // A few frames of a long script need no copy of all of it.
        var run = frameIndices.count < script.frames.count ? Self(sequence: [self]) : self
        run.start = start.divided(by: speed)
        run.script.frames = run.script.frames.map { frame in
            FrameScript.Frame(
                bytes: frame.bytes, offset: frame.offset.divided(by: speed), gap: frame.gap.divided(by: speed))
        }
        run.bytesPerSecond = bytesPerSecond.map { max(1, Int(clamping: Int64($0).divided(by: 1 / speed))) }
        return run
    }
}

// MARK: Runs that drip

/// A run with `bytesPerSecond`. The bytes of a frame follow one another from the moment the frame is due, and leave in
/// pieces of a fiftieth of a second. As with frames, a piece is a pure function of the run and its number: no step and no
/// state for each.
extension FrameRun {
    private static let piecesPerSecond = 50

    private var pieceSize: Int { max(1, (bytesPerSecond ?? .max) / Self.piecesPerSecond) }

    /// The pieces that frame `index` of the script leaves in.
    package func pieceCount(of index: Int) -> Int {
        let count = script.frames[index].bytes.count
        return count / pieceSize + (count % pieceSize == 0 ? 0 : 1)
    }

    /// The places of a piece's bytes in frame `index`, and when the last of them is due.
    package func piece(_ number: Int, of index: Int) -> (bytes: Range<Int>, due: Int64) {
        let count = script.frames[index].bytes.count
        let start = min(count, number * pieceSize)
        let end = start + min(pieceSize, count - start)
        return (start..<end, due(index) &+ duration(of: end))
    }

    /// How long this many bytes take.
    package func duration(of byteCount: Int) -> Int64 {
        guard let bytesPerSecond, bytesPerSecond > 0 else { return 0 }
        let (whole, rest) = byteCount.quotientAndRemainder(dividingBy: bytesPerSecond)
        return Int64(whole) &* 1_000_000_000 &+ Int64(rest) &* 1_000_000_000 / Int64(bytesPerSecond)
    }
}

// MARK: Runs that follow one another

extension FrameRun {
    /// The frames of all of these, none of them due before the one ahead of it. Nil for none. Neighbours in one script
    /// stay where they are, and share it.
    package init?(joining runs: [FrameRun]) {
        guard let first = runs.first else { return nil }
        self = first
        for (index, run) in runs.enumerated().dropFirst() {
            guard run == only(run.range), range.upperBound == run.range.lowerBound else {
                self = Self(sequence: [self] + runs[index...])
                return
            }
            range = range.lowerBound..<run.range.upperBound
        }
    }

    private init(sequence runs: [FrameRun]) {
        self = runs[0]
        var latest = start
        var frames: [FrameScript.Frame] = []
        for run in runs {
            for index in run.frameIndices {
                let due = max(latest, run.due(index))
                frames.append(
                    FrameScript.Frame(bytes: run.script.frames[index].bytes, offset: due - start, gap: due - latest))
                latest = due
            }
        }
        script = FrameScript(frames: frames)
        range = 0..<frames.count
    }
}
