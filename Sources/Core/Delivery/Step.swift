import HTTPWire

/// What the delivery runner does for a call, in order. Faults rewrite lists of steps; the runner obeys them and never
/// learns why. Deadlines are absolute, in nanoseconds after the call arrived, so that lateness never adds up.
package enum Step: Equatable, Sendable {
    case wait(until: Int64)
    case head(ResponseHead)
    /// A piece of the body. It leaves at once, as a chunk of its own where the body is chunked.
    case body([UInt8])
    case frames(FrameRun)
    /// The body is complete: the last chunk, and the connection is free for the next call.
    case end
    /// FIN now, whatever was promised.
    case close
    /// RST now.
    case reset
    /// Nothing more, until the client goes away.
    case hang
}
