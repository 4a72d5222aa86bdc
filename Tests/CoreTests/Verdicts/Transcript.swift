import Testing
import Time
import Verdicts

/// Calls as a transcript: what a client did, second by second.
struct Transcript {
    private(set) var calls: [ObservedCall] = []
    private var marks: [ObservedMark] = []
    private var advanced = 0.0

    static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((1_000_000 + seconds) * 1e9)) }

    private func moment(_ seconds: Double) -> Moment {
        Moment(real: Self.instant(seconds), clock: Self.instant(seconds + advanced))
    }

    /// A call at this second, which takes so long and ends with this status.
    @discardableResult
    mutating func call(
        _ at: Double, _ status: Int? = 200, took: Double = 0.01, outcome: ObservedCall.Outcome = .completed,
        _ change: (inout ObservedCall) -> Void = { _ in }
    ) -> Int {
        var call = ObservedCall(number: calls.count + 1, arrived: moment(at))
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/search-ABC"
        call.session = "session"
        call.payload = UInt64(calls.count + 1)
        call.ended = moment(at + took)
        (call.status, call.outcome) = (status, outcome)
        change(&call)
        if call.ended == nil { (call.status, call.outcome) = (nil, nil) }
        calls.append(call)
        return call.number
    }

    mutating func mark(_ at: Double) {
        marks.append(ObservedMark(agent: calls.first?.agent, at: moment(at)))
    }

    /// The clock of the space is put forward.
    mutating func advance(_ seconds: Double) { advanced += seconds }

    /// The only result of an expectation, `{"breaker": {…}}`, asked at this second.
    func ruling(_ expectation: String, at end: Double? = nil) throws -> Ruling {
        let results = try findings(expectation, at: end).results
        try #require(results.count == 1, "\(results)")
        return results[0].ruling
    }

    func findings(_ expectation: String, at end: Double? = nil) throws -> Findings {
        let (expectations, mistakes) = ExpectationFile.read(
            Array("{\"expect\": [\(expectation)]}".utf8), fileName: "test")
        try #require(mistakes.isEmpty, "\(mistakes)")
        let examination = Examination(expectations)
        var waiting = marks[...]
        for call in calls {
            while let mark = waiting.first, mark.at.real <= call.arrived.real {
                examination.take(mark)
                waiting.removeFirst()
            }
            examination.take(call)
        }
        for mark in waiting { examination.take(mark) }
        let last = calls.map { $0.ended?.real ?? $0.arrived.real }.max() ?? Self.instant(0)
        let now =
            end.map { moment($0) } ?? Moment(real: last, clock: calls.compactMap { $0.ended?.clock }.max() ?? last)
        return examination.findings(at: now)
    }
}

extension Ruling {
    func figure(_ name: String) -> String? {
        figures.first { $0.name == name }.map { $0.value.json() }
    }
}
