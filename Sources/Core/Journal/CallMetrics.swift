import Delivery

// Rules.  Calls are counted by agent, operation, status and outcome, from the start or the last reset on, also those
//         that the journal has pushed out. How long they took, and how late frames left, is counted in classes.
// Theory. Counting is paid by every call, asking by nobody but who asks. So a call is counted into one series, which is
//         found when it arrives, by a look at the series of the call before it: programs call the same agent again and
//         again. Callers choose the names, so there are so many series and no more; what comes later is one of them.

/// What is counted of calls.
package struct CallMetrics: Sendable {
    /// Calls of one agent, operation and status.
    package struct Series: Sendable {
        package let agent: String
        package let operation: String
        /// 0 for a call that got no answer.
        package let status: Int
        /// By the place of the outcome among all.
        package fileprivate(set) var outcomes = [Int](repeating: 0, count: Report.Outcome.allCases.count)
        package fileprivate(set) var arrived = 0
        package fileprivate(set) var durations = Classes(bounds: CallMetrics.durationBounds.count)

        fileprivate init(agent: String, operation: String, status: Int) {
            (self.agent, self.operation, self.status) = (agent, operation, status)
        }
    }

    /// How many values were at most each bound, the last class without one; and their sum.
    package struct Classes: Sendable {
        package fileprivate(set) var counts: [Int]
        /// Microseconds.
        package fileprivate(set) var sum = 0

        fileprivate init(bounds: Int) { counts = [Int](repeating: 0, count: bounds + 1) }

        fileprivate mutating func note(_ microseconds: Int, _ bounds: [Int]) {
            var place = 0
            while place < bounds.count, microseconds > bounds[place] { place += 1 }
            counts[place] += 1
            sum += microseconds
        }
    }

    /// Microseconds: from half a millisecond to a minute.
    package static let durationBounds = [
        500, 1_000, 5_000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
        30_000_000, 60_000_000,
    ]
    package static let latenessBounds = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 1_000_000]
    static let mostSeries = 2_000
    private static let others = "(others)"

    private struct Key: Hashable {
        let agent: String
        let operation: String
        let status: Int
    }

    package private(set) var series: [Series] = []
    package private(set) var lateness = Classes(bounds: latenessBounds.count)
    private var places: [Key: Int] = [:]
    private var last = 0

    package init() {}

    /// Counts a call that arrived, and returns the place of its series: what `ended` takes.
    package mutating func arrived(_ call: borrowing Call) -> Int32 {
        let (agent, operation, status) = (call.agent ?? "", call.operation ?? "", call.reply?.status ?? 0)
        if last >= series.count || series[last].status != status || series[last].agent != agent
            || series[last].operation != operation
        {
            last = place(of: Key(agent: agent, operation: operation, status: status))
        }
        series[last].arrived += 1
        return Int32(last)
    }

    private mutating func place(of key: Key) -> Int {
        if let place = places[key] { return place }
        let isRoom = series.count < Self.mostSeries
        let key = isRoom ? key : Key(agent: Self.others, operation: Self.others, status: 0)
        if let place = places[key] { return place }
        places[key] = series.count
        series.append(Series(agent: key.agent, operation: key.operation, status: key.status))
        return series.count - 1
    }

    package mutating func ended(_ place: Int32, _ report: borrowing Report) {
        let place = Int(place)
        guard series.indices.contains(place) else { return }
        if let outcome = Report.Outcome.allCases.firstIndex(of: report.outcome) { series[place].outcomes[outcome] += 1 }
        series[place].durations.note(Int(report.ended / 1_000), Self.durationBounds)
        guard !report.frames.bytes.isEmpty else { return }
        for microseconds in report.frames.microseconds {
            lateness.note(Int(max(0, microseconds)), Self.latenessBounds)
        }
    }

    /// Of one agent, over operations and statuses.
    package func calls(toAgent agent: String) -> Int {
        series.reduce(0) { $0 + ($1.agent == agent ? $1.arrived : 0) }
    }
}
