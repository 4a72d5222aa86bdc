import Time

/// Puts calls before the judges. It takes them in the order of their arrival, holds back each end until its time has come,
/// and keeps of a call that has ended nothing but what the judges keep.
package final class Examination {
    private struct Caller: Hashable {
        var space: String
        var name: String?

        /// Asked for every call, and names are long.
        func hash(into hasher: inout Hasher) {
            hasher.combine(ByteHash(space).value &+ (name.map { ByteHash($0).value } ?? 0))
        }
    }

    private struct JudgedCaller {
        let caller: Caller
        let judge: any Judge
        var inFlight = 0
    }

    /// All callers of one expectation.
    private final class JudgedExpectation {
        let expectation: Expectation
        /// Which way of telling callers apart is its own.
        let kind: Int
        let hearsAll: Bool
        let isDecidedAtArrival: Bool
        let arrivalMatch: CallMatch
        var makers: [String: JudgeMaker] = [:]
        var callers: [JudgedCaller] = []
        /// By the caller's number; -1 where there is none.
        var places: [Int] = []

        init(_ expectation: Expectation, kind: Int) {
            (self.expectation, self.kind) = (expectation, kind)
            hearsAll = expectation.match == .everything
            isDecidedAtArrival = expectation.match.isSaidAtArrival
            arrivalMatch = expectation.match.arrivalPart
        }

        func hears(_ call: borrowing ObservedCall, isArrival: Bool = false) -> Bool {
            if call.isIssuer {
                if expectation.hearsIssuer { return call.principal != nil }
                return expectation.match.globs[.operation] != nil && expectation.match.matches(call)
            }
            if hearsAll { return true }
            return isArrival ? arrivalMatch.matches(call) : expectation.match.matches(call)
        }

        func place(of caller: Caller, numbered number: Int) -> Int {
            while places.count <= number { places.append(-1) }
            if places[number] >= 0 { return places[number] }
            let maker = makers[caller.space] ?? expectation.makers()
            makers[caller.space] = maker
            places[number] = callers.count
            callers.append(JudgedCaller(caller: caller, judge: maker()))
            return callers.count - 1
        }
    }

    private let judgedExpectations: [JudgedExpectation]
    /// The ways in which callers are told apart, and of each the callers that were seen: a call is asked for its callers
    /// once, however many expectations there are.
    private let kinds: [CallerKind]
    private var numbers: [[Caller: Int]]
    private var callers: [[Caller]]
    private var pending = PendingEnds()
    /// Calls that have not ended, of those that any expectation speaks of.
    package private(set) var inFlight: [Int] = []

    package init(_ expectations: [Expectation]) {
        var kinds: [CallerKind] = []
        for expectation in expectations where !kinds.contains(expectation.by) { kinds.append(expectation.by) }
        judgedExpectations = expectations.map { JudgedExpectation($0, kind: kinds.firstIndex(of: $0.by) ?? 0) }
        self.kinds = kinds
        numbers = Array(repeating: [:], count: kinds.count)
        callers = Array(repeating: [], count: kinds.count)
    }

    /// In the order of arrival.
    package func take(_ call: ObservedCall) {
        release(until: call.arrived.real)
        let own = kinds.indices.map { number(of: call, $0) }
        for judged in judgedExpectations { arrived(call, own[judged.kind], judged) }
        if call.ended != nil { pending.insert(call, own) }
    }

    private func number(of call: borrowing ObservedCall, _ kind: Int) -> Int {
        let caller = Caller(space: call.space, name: kinds[kind].name(of: call))
        if let number = numbers[kind][caller] { return number }
        numbers[kind][caller] = callers[kind].count
        callers[kind].append(caller)
        return callers[kind].count - 1
    }

    /// In its place among the calls.
    package func take(_ mark: ObservedMark) {
        release(until: mark.at.real)
        for judged in judgedExpectations {
            if let glob = judged.expectation.match.globs[.agent], let agent = mark.agent,
                !CallMatch.matchesAgent(glob, agent)
            {
                continue
            }
            let name = judged.expectation.by.name(of: mark)
            for judgedCaller in judged.callers where judgedCaller.caller.space == mark.space {
                if CallerKind.isMeant(judgedCaller.caller.name, by: name) { judgedCaller.judge.marked(mark) }
            }
        }
    }

    /// When no more calls come: `end` is now, or the end of the journal, and `clocks` say what time it is then in spaces
    /// whose clocks say something else.
    package func findings(at end: Moment, clocks: [String: Instant] = [:]) -> Findings {
        release(until: Instant(nanoseconds: .max))
        return Findings(results: judgedExpectations.flatMap { findings(of: $0, at: end, clocks) })
    }

    private func release(until moment: Instant) {
        while let (call, own) = pending.removeFirst(until: moment) {
            for judged in judgedExpectations { ended(call, own[judged.kind], judged) }
        }
    }

    private func arrived(_ call: borrowing ObservedCall, _ number: Int, _ judged: JudgedExpectation) {
        guard judged.isDecidedAtArrival || call.ended == nil, judged.hears(call, isArrival: true) else { return }
        let place = judged.place(of: callers[judged.kind][number], numbered: number)
        if call.ended == nil, !call.isIssuer, !judged.expectation.looksAtArrivals {
            judged.callers[place].inFlight += 1
            if inFlight.last != call.number { inFlight.append(call.number) }
        }
        if judged.isDecidedAtArrival { judged.callers[place].judge.arrived(call) }
    }

    private func ended(_ call: borrowing ObservedCall, _ number: Int, _ judged: JudgedExpectation) {
        guard judged.hears(call) else { return }
        let place = judged.place(of: callers[judged.kind][number], numbered: number)
        if !judged.isDecidedAtArrival { judged.callers[place].judge.arrived(call) }
        judged.callers[place].judge.ended(call)
    }

    private func findings(of judged: JudgedExpectation, at end: Moment, _ clocks: [String: Instant]) -> [Finding] {
        let expectation = judged.expectation
        guard !judged.callers.isEmpty else {
            let ruling =
                expectation.countsNone
                ? expectation.makers()().ruling(at: end) : Ruling(.inconclusive, "no call was found")
            return [Finding(name: expectation.name, kind: expectation.kind, space: "", by: nil, ruling: ruling)]
        }
        return judged.callers.map { judgedCaller in
            let clock = clocks[judgedCaller.caller.space] ?? end.clock
            var ruling = judgedCaller.judge.ruling(at: Moment(real: end.real, clock: clock))
            if ruling.mayChange, judgedCaller.inFlight > 0 {
                ruling.judgement = .inconclusive
                let calls = judgedCaller.inFlight == 1 ? "1 call is" : "\(judgedCaller.inFlight) calls are"
                ruling.because = "\(calls) still in flight; so far: \(ruling.because)"
            }
            return Finding(
                name: expectation.name, kind: expectation.kind, space: judgedCaller.caller.space,
                by: judgedCaller.caller.name,
                ruling: ruling)
        }
    }
}

/// Calls whose end lies ahead, the next one first: a binary heap of their ends, and beside it the calls, which are not
/// moved.
struct PendingEnds {
    private struct End {
        var at: Int64
        var call: Int
        var place: Int

        func isBefore(_ other: End) -> Bool { (at, call) < (other.at, other.call) }
    }

    private var heap: [End] = []
    private var calls: [(call: ObservedCall, callers: [Int])?] = []
    private var free: [Int] = []

    mutating func insert(_ call: ObservedCall, _ callers: [Int]) {
        guard let ended = call.ended else { return }
        let end = End(at: ended.real.nanoseconds, call: call.number, place: free.popLast() ?? calls.count)
        if end.place == calls.count { calls.append((call, callers)) } else { calls[end.place] = (call, callers) }
        heap.append(end)
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The first one and its callers, when it ended at this moment or before.
    mutating func removeFirst(until moment: Instant) -> (call: ObservedCall, callers: [Int])? {
        guard let first = heap.first, first.at <= moment.nanoseconds else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink()
        var taken: (call: ObservedCall, callers: [Int])?
        swap(&taken, &calls[first.place])
        free.append(first.place)
        return taken
    }

    private mutating func sink() {
        var place = 0
        while true {
            var next = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[next]) {
                next = child
            }
            if next == place { return }
            heap.swapAt(place, next)
            place = next
        }
    }
}
