/// What really left the socket for a call, and how it ended. Times are nanoseconds after the call arrived.
package struct Report: Equatable, Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case completed
        case clientClosed = "client-closed"
        case reset
        case closed
        case hung
        case refused
        /// The call's session was stopped while it was being answered.
        case sessionStopped = "session-stopped"

        /// How the connection ended, in the words that users know.
        package var word: String { self == .sessionStopped ? Outcome.closed.rawValue : rawValue }
        /// Why it ended so, where the word does not say it.
        package var why: String? { self == .sessionStopped ? "the session was stopped" : nil }
    }

    package var outcome: Outcome
    package var firstByte: Int64?
    package var ended: Int64
    package var bytes: Int
    package var frames: FrameLog
    /// What the clock of the call's space said then, in nanoseconds since 1970; nil for one that was never moved.
    package var clock: Int64?
    /// Of a conversation.
    package var messages: MessageLog?
    /// What is told of the call's faults, as JSON, where only its end could say it.
    package var faults: [UInt8]?

    package init(outcome: Outcome, firstByte: Int64?, ended: Int64, bytes: Int = 0, frames: FrameLog = FrameLog()) {
        self.outcome = outcome
        self.firstByte = firstByte
        self.ended = ended
        self.bytes = bytes
        self.frames = frames
    }
}

/// How late each frame left, in microseconds, a few bits a frame: what was due and how long it was follows from the
/// steps of the call, so it is not kept again for each of 10,000 streams. LEB128, lateness below zero counts as zero.
package struct FrameLog: Equatable, Sendable {
    /// As they are kept.
    package private(set) var bytes: [UInt8] = []

    package init(bytes: [UInt8] = []) { self.bytes = bytes }

    package mutating func note(lateness nanoseconds: Int64) {
        var rest = UInt64(max(0, nanoseconds) / 1_000)
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The lateness of every frame that left, in microseconds.
    package var microseconds: [Int64] {
        var found: [Int64] = []
        var value: Int64 = 0
        var shift: Int64 = 0
        for byte in bytes {
            value |= Int64(byte & 127) << shift
            shift += 7
            if byte < 128 {
                found.append(value)
                (value, shift) = (0, 0)
            }
        }
        return found
    }
}
