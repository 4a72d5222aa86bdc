import Delivery
import Recording

/// What a recording is told of a call, piece by piece, in the order in which it happened.
package struct RecordingNote: Sendable {
    /// Tells the calls that are being made apart.
    package var key: Int
    /// With the first note of a call: the request, and of the answer its head.
    package var began: RecordedCall?
    package var pieces: [RecordedFrame] = []
    /// With the last one.
    package var ending: Ending?

    package struct Ending: Sendable {
        /// Microseconds after the call arrived.
        package var at: Int64
        package var outcome: Report.Outcome
        /// How many bytes the head promised.
        package var length: Int?

        package init(at: Int64, outcome: Report.Outcome, length: Int?) {
            (self.at, self.outcome, self.length) = (at, outcome, length)
        }
    }

    package init(key: Int) { self.key = key }

    /// What it takes in memory, about.
    var byteCount: Int { pieces.reduce(256 + (began?.requestBody.count ?? 0)) { $0 + 64 + $1.bytes.count } }
}
