import Time

/// Puts calls before the judges. It takes them in the order of their arrival, holds back each end until its time has come,
/// and keeps of a call that has ended nothing but what the judges keep.
package final class Examination {
    private struct Caller: Hashable {
        var space: String
        var name: String?
    }

    private struct Bench {
        var caller: Caller
        var judge: any Judge
        var inFlight = 0
    }

    /// All callers of one expectation.
    private struct Court {
        let expectation: Expectation
        var makers: [String: JudgeMaker] = [:]
        var benches: [Bench] = []
        var places: [Caller: Int] = [:]
    }

    private var courts: [Court]
    private var pending = PendingEnds()
    /// Calls that have not ended, of those that any expectation speaks of.
    package private(set) var inFlight: [Int] = []

    package init(_ expectations: [Expectation]) { courts = expectations.map { Court(expectation: $0) } }

    /// In the order of arrival.
    package func take(_ call: ObservedCall) {
        release(until: call.arrived.real)
        for place in courts.indices { arrived(call, place) }
        if call.ended != nil { pending.insert(call) }
    }

    /// In its place among the calls.
    package func take(_ mark: ObservedMark) {
        release(until: mark.at.real)
        for place in courts.indices {
            let expectation = courts[place].expectation
            if let glob = expectation.match.globs[.agent], let agent = mark.agent,
                !CallMatch.matchesAgent(glob, agent)
            {
                continue
            }
            let name = expectation.by.name(of: mark)
            for bench in courts[place].benches where bench.caller.space == mark.space {
                if CallerKind.isMeant(bench.caller.name, by: name) { bench.judge.marked(mark) }
            }
        }
    }

    /// When no more calls come: `end` is now, or the end of the journal, and `clocks` say what time it is then in spaces
    /// whose clocks say something else.
    package func findings(at end: Moment, clocks: [String: Instant] = [:]) -> Findings {
        release(until: Instant(nanoseconds: .max))
        return Findings(results: courts.flatMap { findings(of: $0, at: end, clocks) })
    }

    private func release(until moment: Instant) {
        while let call = pending.removeFirst(until: moment) {
            for place in courts.indices { ended(call, place) }
        }
    }

    private func hears(_ expectation: Expectation, _ match: CallMatch, _ call: borrowing ObservedCall) -> Bool {
        guard call.isIssuer else { return match.matches(call) }
        return expectation.hearsIssuer ? call.principal != nil : match.globs[.operation] != nil && match.matches(call)
    }

    private func arrived(_ call: borrowing ObservedCall, _ place: Int) {
        let expectation = courts[place].expectation
        let isDecided = expectation.match.isSaidAtArrival
        let match = isDecided ? expectation.match : expectation.match.arrivalPart
        guard isDecided || call.ended == nil, hears(expectation, match, call) else { return }
        let bench = bench(of: call, place)
        if call.ended == nil, !call.isIssuer, !expectation.looksAtArrivals {
            courts[place].benches[bench].inFlight += 1
            if inFlight.last != call.number { inFlight.append(call.number) }
        }
        if isDecided { courts[place].benches[bench].judge.arrived(call) }
    }

    private func ended(_ call: borrowing ObservedCall, _ place: Int) {
        let expectation = courts[place].expectation
        guard hears(expectation, expectation.match, call) else { return }
        let bench = bench(of: call, place)
        if !expectation.match.isSaidAtArrival { courts[place].benches[bench].judge.arrived(call) }
        courts[place].benches[bench].judge.ended(call)
    }

    private func bench(of call: borrowing ObservedCall, _ place: Int) -> Int {
        let caller = Caller(space: call.space, name: courts[place].expectation.by.name(of: call))
        if let found = courts[place].places[caller] { return found }
        let maker = courts[place].makers[call.space] ?? courts[place].expectation.makers()
        courts[place].makers[call.space] = maker
        let bench = courts[place].benches.count
        courts[place].benches.append(Bench(caller: caller, judge: maker()))
        courts[place].places[caller] = bench
        return bench
    }

    private func findings(of court: Court, at end: Moment, _ clocks: [String: Instant]) -> [Finding] {
        let expectation = court.expectation
        guard !court.benches.isEmpty else {
            let ruling =
                expectation.countsNone
                ? expectation.makers()().ruling(at: end) : Ruling(.inconclusive, "no call was found")
            return [Finding(name: expectation.name, kind: expectation.kind, space: "", by: nil, ruling: ruling)]
        }
        return court.benches.map { bench in
            let clock = clocks[bench.caller.space] ?? end.clock
            var ruling = bench.judge.ruling(at: Moment(real: end.real, clock: clock))
            if ruling.mayChange, bench.inFlight > 0 {
                ruling.judgement = .inconclusive
                let calls = bench.inFlight == 1 ? "1 call is" : "\(bench.inFlight) calls are"
                ruling.because = "\(calls) still in flight; so far: \(ruling.because)"
            }
            return Finding(
                name: expectation.name, kind: expectation.kind, space: bench.caller.space, by: bench.caller.name,
                ruling: ruling)
        }
    }
}

/// Calls whose end lies ahead, the next one first: a binary heap.
struct PendingEnds {
    private var calls: [ObservedCall] = []

    mutating func insert(_ call: ObservedCall) {
        calls.append(call)
        var place = calls.count - 1
        while place > 0, Self.isBefore(calls[place], calls[(place - 1) / 2]) {
            calls.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The first one, when it ended at this moment or before.
    mutating func removeFirst(until moment: Instant) -> ObservedCall? {
        guard let first = calls.first, let ended = first.ended, ended.real <= moment else { return nil }
        calls.swapAt(0, calls.count - 1)
        calls.removeLast()
        var place = 0
        while true {
            var next = place
            for child in [2 * place + 1, 2 * place + 2] where child < calls.count {
                if Self.isBefore(calls[child], calls[next]) { next = child }
            }
            if next == place { return first }
            calls.swapAt(place, next)
            place = next
        }
    }

    private static func isBefore(_ left: borrowing ObservedCall, _ right: borrowing ObservedCall) -> Bool {
        let (leftEnd, rightEnd) = (left.ended?.real, right.ended?.real)
        guard let leftEnd, let rightEnd, leftEnd != rightEnd else { return left.number < right.number }
        return leftEnd < rightEnd
    }
}
