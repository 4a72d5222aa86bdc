import Time
import Verdicts

/// A client that waits by a policy of its own. The formulas stand here a second time, as the libraries have them, so that a
/// wrong formula of the judges shows.
package struct SimulatedBackoff: Sendable {
    package let word: String
    /// Seconds to wait after failure n, given the wait before.
    let wait: @Sendable (Int, Double, inout SimulatedChance) -> Double

    static func power(_ n: Int) -> Double { Double(1 << min(n, 40)) }

    /// Base 1 s, factor 2, cap 30 s, where a policy leaves them open; urllib3 and httpx-retries with a factor of 1 s.
    package static let all: [SimulatedBackoff] = [
        SimulatedBackoff(word: "none") { _, _, _ in 0 },
        SimulatedBackoff(word: "constant") { _, _, _ in 1 },
        SimulatedBackoff(word: "linear") { n, _, _ in min(30, Double(n)) },
        SimulatedBackoff(word: "exponential") { n, _, _ in min(30, power(n - 1)) },
        SimulatedBackoff(word: "full-jitter") { n, _, chance in chance.uniform(0, min(30, power(n - 1))) },
        SimulatedBackoff(word: "equal-jitter") { n, _, chance in
            let half = min(30, power(n - 1)) / 2
            return half + chance.uniform(0, half)
        },
        SimulatedBackoff(word: "decorrelated") { n, before, chance in
            min(30, chance.uniform(1, 3 * (n == 1 ? 1 : before)))
        },
        SimulatedBackoff(word: "additive-jitter") { n, _, chance in min(30, power(n - 1) + chance.unit()) },
        SimulatedBackoff(word: "botocore-legacy") { n, _, chance in chance.unit() * power(n - 1) },
        SimulatedBackoff(word: "botocore-standard") { n, _, chance in chance.unit() * min(power(n - 1), 20) },
        SimulatedBackoff(word: "botocore-standard-2026") { n, _, chance in chance.unit() * min(0.05 * power(n - 1), 20)
        },
        SimulatedBackoff(word: "aws-js") { n, _, chance in chance.unit() * min(0.1 * power(n - 1), 20) },
        SimulatedBackoff(word: "stamina") { n, _, chance in min(5, 0.1 * power(n - 1) + chance.unit()) },
        SimulatedBackoff(word: "tenacity-exponential-jitter") { n, _, chance in power(n - 1) + chance.unit() },
        SimulatedBackoff(word: "urllib3") { n, _, _ in n == 1 ? 0 : min(120, power(n - 1)) },
        SimulatedBackoff(word: "httpx-retries") { n, _, chance in min(120, power(n) * chance.unit()) },
    ]

    /// What somebody gets wrong about full jitter and exponential backoff.
    package static let mistaken: [(declared: String, client: SimulatedBackoff)] = [
        (
            "full-jitter",
            SimulatedBackoff(word: "half of the base") { n, _, chance in chance.uniform(0, min(30, power(n - 1) / 2)) }
        ),
        (
            "full-jitter",
            SimulatedBackoff(word: "twice the base") { n, _, chance in chance.uniform(0, min(30, power(n - 1) * 2)) }
        ),
        ("exponential", SimulatedBackoff(word: "half of the base") { n, _, _ in min(30, power(n - 1) / 2) }),
        ("exponential", SimulatedBackoff(word: "20 % too short") { n, _, _ in min(30, power(n - 1) * 0.8) }),
        (
            "exponential",
            SimulatedBackoff(word: "every fifth at once") { n, _, chance in
                chance.happens(0.2) ? 0 : min(30, power(n - 1))
            }
        ),
        (
            "equal-jitter",
            SimulatedBackoff(word: "jitter of a tenth") { n, _, chance in
                min(30, power(n - 1)) * chance.uniform(0.9, 1)
            }
        ),
    ]

    /// What is declared about it: JSON of a `backoff`.
    package static func declaration(_ word: String, attempts: Int) -> String {
        let parameters =
            switch word {
            case "none", "botocore-legacy", "botocore-standard", "botocore-standard-2026", "aws-js": ""
            case "constant": #", "base": "1s""#
            case "linear", "decorrelated": #", "base": "1s", "cap": "30s""#
            case "additive-jitter": #", "base": "1s", "cap": "30s", "jitter": "1s""#
            case "stamina", "tenacity-exponential-jitter": ""
            case "urllib3", "httpx-retries": #", "factor": 1"#
            default: #", "base": "1s", "factor": 2, "cap": "30s""#
            }
        return
            #"{"expect": [{"backoff": {"policy": "\#(word)"\#(parameters), "attempts": {"max": \#(attempts)}, "by": "none"}}]}"#
    }

    /// Stories of calls that all fail, beginning at random and overlapping, in the order of arrival.
    package func calls(stories: Int, attempts: Int, guessed: Bool, seed: UInt64) -> [ObservedCall] {
        var chance = SimulatedChance(seed: seed)
        var calls: [ObservedCall] = []
        var begin = 1_000.0
        for story in 0..<stories {
            begin += chance.exponential(5)
            var now = begin
            var before = 0.0
            for attempt in 1...attempts {
                let took = 0.001 + chance.exponential(0.02)
                calls.append(Self.call(story, attempt, attempts, now, now + took, guessed))
                before = wait(attempt, before, &chance)
                now += took + before + chance.latency()
            }
        }
        calls.sort { ($0.arrived.real, $0.number) < ($1.arrived.real, $1.number) }
        for place in calls.indices { calls[place].number = place + 1 }
        return calls
    }

    private static func call(
        _ story: Int, _ attempt: Int, _ attempts: Int, _ at: Double, _ end: Double, _ guessed: Bool
    ) -> ObservedCall {
        var call = ObservedCall(number: 0, arrived: Moment(Instant(nanoseconds: Int64(at * 1e9))))
        call.agent = "agent"
        call.session = "session-\(story)"
        call.payload = UInt64(story)
        if !guessed { call.invocation = .init(id: "story-\(story)", attempt: attempt, max: attempts) }
        call.ended = Moment(Instant(nanoseconds: Int64(end * 1e9)))
        call.status = 503
        call.outcome = .completed
        return call
    }
}
