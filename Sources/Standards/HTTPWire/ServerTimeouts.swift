extension ServerExchange {
    /// How long the client is waited for, in nanoseconds.
    package struct Timeouts: Equatable, Sendable {
        /// From the first byte of a head to its end: extending it byte by byte would let a client hold it open for good.
        package var head: Int64 = 10_000_000_000
        /// For a connection to be secured.
        package var handshake: Int64 = 10_000_000_000
        /// A kept-alive connection without a byte of the next request.
        package var idle: Int64 = 75_000_000_000
        /// Between two pieces of a body, and before the rate is asked for.
        package var body: Int64 = 30_000_000_000
        /// Bytes of a body in a second, at least.
        package var bodyRate: Int64 = 1_024
        /// A whole body: the service's own 15 minutes.
        package var bodyTotal: Int64 = 900_000_000_000
        /// A client that does not take what is sent to it.
        package var write: Int64 = 60_000_000_000
        /// After the last answer, for the client to stop sending: between two pieces, and altogether.
        package var lingerQuiet: Int64 = 2_000_000_000
        package var linger: Int64 = 30_000_000_000
        /// A client that has ended may still close: it is looked for again after so long.
        package var lookAgain: Int64 = 100_000_000

        package init() {}
    }
}

extension ServerExchange.Timeouts {
    /// Until when more of a body has to come, `count` bytes of which are there.
    func bodyDeadline(after count: Int, begun: Int64, at now: Int64) -> Int64 {
        let earned = Int64(min(count, 1 << 32)) * 1_000_000_000 / bodyRate
        return min(now &+ body, begun &+ min(body &+ earned, bodyTotal))
    }

    func refusal(ofBody isBody: Bool) -> String {
        guard isBody else { return "The request's head did not arrive in time." }
        let (pause, total) = (body / 1_000_000_000, bodyTotal / 1_000_000_000)
        return "The request's body did not arrive in time: \(pause) s may pass between two pieces of it, after as long "
            + "\(bodyRate) bytes a second have to come, and all of it within \(total) s."
    }
}
