import Runtime
import Time

/// What the platform makes of a failing agent (wire reference 2.3): its status in a sentence, its body kept back.
enum AgentFailure {
    static func message(status: Int) -> String {
        "Received error (\(status)) from runtime. Please check your CloudWatch logs for more information."
    }

    /// Observed: on a new session the platform takes a 5xx for a failed initialization, and asks again until the agent's
    /// time to begin is over; "cached failure answers in ~2 s afterwards".
    static let cachedAfter = Duration.seconds(2)

    /// `initialization` is that time; without it the platform tells the status at once.
    /// Either way the visit learns what has to be waited for.
    static func answer(_ visit: inout Visit, status: Int, initialization: Duration?) -> String {
        guard let initialization, status >= 500, let session = visit.session else { return message(status: status) }
        if session.calls == 1 {
            visit.provision(for: initialization, fails: true)
        } else if session.hasFailed {
            visit.provisioned = min(cachedAfter, initialization).nanoseconds
        } else {
            return message(status: status)
        }
        let seconds = (initialization.nanoseconds + 999_999_999) / 1_000_000_000
        return "Runtime initialization time exceeded. Please make sure that initialization completes in \(seconds)s."
    }
}
