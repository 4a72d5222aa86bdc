import EventLoop

/// Says once that no call has come for a while: whoever waits for one most likely has a client that points elsewhere.
final class IdleWatch: Watcher {
    private let warn: @Sendable (String) -> Void
    private let hasCalls: () -> Bool
    private let time: Int64

    /// `time` in nanoseconds, from now on.
    init(
        loop: Loop, time: Int64, warn: @escaping @Sendable (String) -> Void, hasCalls: @escaping () -> Bool
    ) throws(SystemError) {
        (self.time, self.warn, self.hasCalls) = (time, warn, hasCalls)
        loop.setDeadline(loop.now &+ time, for: try loop.add(self))
    }

    func deadlinePassed() {
        guard !hasCalls() else { return }
        warn(
            "no call has come for \(time / 1_000_000_000) s: is the client's endpoint this server? For boto3 and the AWS CLI it is "
                + "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE, and a profile or endpoint_url may name another")
    }
}
