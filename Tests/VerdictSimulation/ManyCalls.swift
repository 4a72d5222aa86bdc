import Time
import Verdicts

/// A journal of any length, one call after the other: fifty agents, a thousand sessions, one call in twenty failing and
/// tried again.
package struct ManyCalls {
    private var made = 0
    private var waiting: [(at: Int, story: Int)] = []
    private var first = 0

    package init() {}

    package static let expectations = Trial.read(
        #"""
        {"expect": [
            {"breaker": {"opensAfter": 5, "openFor": "30s"}}, {"backoff": {"policy": "constant", "base": "100ms"}},
            {"amplification": {"max": 1.2}}, {"calls": {"count": {"min": 1}}}, {"idempotence": {"repeats": 0}},
            {"sessions": {"missing": 0}}, {"tokenRefresh": {}}, {"stream": {"after": "cut", "does": "retry"}}
        ]}
        """#)

    /// A call each millisecond.
    package mutating func next() -> ObservedCall {
        var story = made
        var attempt = 1
        if first < waiting.count, waiting[first].at <= made {
            (story, attempt) = (waiting[first].story, 2)
            first += 1
        }
        let at = 1_000_000_000_000 + Int64(made) * 1_000_000
        var call = ObservedCall(number: made + 1, arrived: Moment(Instant(nanoseconds: at)))
        call.agent = "agent-\(story % 50)"
        call.principal = "principal-\(story % 50)"
        call.session = "session-\(story % 1_000)"
        call.payload = UInt64(story)
        call.invocation = .init(id: "invocation-\(story)", attempt: attempt, max: 3)
        let fails = attempt == 1 && story % 20 == 0
        (call.status, call.outcome) = (fails ? 503 : 200, .completed)
        call.ended = Moment(Instant(nanoseconds: at + 20_500_000))
        if fails { waiting.append((made + 121, story)) }
        if first > 4_096 {
            waiting.removeFirst(first)
            first = 0
        }
        made += 1
        return call
    }
}
