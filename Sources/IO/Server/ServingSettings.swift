import HTTPWire
import Journal

/// What a server is told before it starts.
package struct ServingSettings: Sendable {
    /// An IP address, or `localhost`.
    package var host = "127.0.0.1"
    /// 0 picks a free one.
    package var port: UInt16 = 8787
    package var limits = Limits()
    package var timeouts = Timeouts()
    /// Calls that the journal in memory holds before it forgets the oldest.
    package var journalLimit = 100_000
    /// What control calls have to show as a bearer token; needed when bound to more than this machine.
    package var controlToken: String?
    package var version = "0.1.0"
    /// Where a warning goes that somebody should see.
    package var warn: @Sendable (String) -> Void = { _ in }
    /// Told of every call that has ended, without its bodies, and of every turn of the loop in which one did: for the log.
    package var noteEnded: (@Sendable (CallRecord) -> Void)?
    package var noteTurn: (@Sendable () -> Void)?

    package init() {}
}

/// How long the server waits for others, in nanoseconds.
package struct Timeouts: Sendable {
    /// From the first byte of a head to its end: extending it byte by byte would let a client hold it open for good.
    package var head: Int64 = 10_000_000_000
    /// A kept-alive connection without a byte of the next request.
    package var idle: Int64 = 75_000_000_000
    /// Between two pieces of a body.
    package var body: Int64 = 30_000_000_000
    /// A client that does not take what is sent to it.
    package var write: Int64 = 60_000_000_000
    /// After the last answer, for the client to stop sending: between two pieces, and altogether.
    package var lingerQuiet: Int64 = 2_000_000_000
    package var linger: Int64 = 30_000_000_000
    /// A document that a verdict needs.
    package var fetch: Int64 = 5_000_000_000

    package init() {}
}
