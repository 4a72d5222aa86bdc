import Delivery
import HTTPWire
import Testing
import Time

@testable import Journal

@Suite("What is counted of calls") struct CallMetricsTests {
    private func call(_ agent: String) -> Call {
        var call = Call(number: 1, space: "default", arrived: Instant(seconds: 0), request: .none, inFlight: 1)
        call.agent = agent
        return call
    }

    @Test("calls of one agent, operation and status are one series, and their times fall into classes")
    func series() {
        var metrics = CallMetrics()
        let (call, other) = (call("one"), call("other"))
        let first = metrics.arrived(call)
        let second = metrics.arrived(other)
        #expect(metrics.arrived(call) == first && first != second)
        metrics.ended(first, Report(outcome: .completed, firstByte: 1, ended: 400_000))
        metrics.ended(first, Report(outcome: .reset, firstByte: 1, ended: 70_000_000_000))
        metrics.ended(-1, Report(outcome: .reset, firstByte: 1, ended: 1))
        let series = metrics.series[Int(first)]
        #expect(series.arrived == 2 && series.outcomes.reduce(0, +) == 2)
        #expect(series.durations.counts.first == 1 && series.durations.counts.last == 1)
        #expect(series.durations.sum == 70_000_400)
        #expect(metrics.calls(toAgent: call.agent ?? "") == 2)
    }

    @Test("how late frames left falls into classes too")
    func lateness() {
        var metrics = CallMetrics()
        var log = FrameLog()
        for late in [0, 60_000, 2_000_000_000] { log.note(lateness: Int64(late)) }
        let place = metrics.arrived(call("one"))
        metrics.ended(place, Report(outcome: .completed, firstByte: 1, ended: 1, frames: log))
        #expect(metrics.lateness.counts.first == 1 && metrics.lateness.counts[1] == 1)
        #expect(metrics.lateness.counts.last == 1 && metrics.lateness.sum == 2_000_060)
    }

    @Test("callers who make names up get one series together")
    func bounded() {
        var metrics = CallMetrics()
        var call = call("")
        for number in 0..<CallMetrics.mostSeries + 10 {
            call.agent = "agent-\(number)"
            _ = metrics.arrived(call)
        }
        #expect(metrics.series.count == CallMetrics.mostSeries + 1)
        #expect(metrics.series.last?.arrived == 10)
    }
}
