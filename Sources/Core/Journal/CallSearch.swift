// Rules.  A search goes through a log a few calls at a time, and the log may change in between. It finds the calls that
//         match when it comes to them, up to the newest that there was when it began, in the order of their numbers;
//         with a limit, the newest so many. It ends when the log is cleared.
// Theory. It holds a number, not a place: calls come and are pushed out while it waits. With a limit it goes back from the
//         newest first, only counting, until it knows where to begin.

/// The calls of a log that match a query, one after the other.
package struct CallSearch {
    package enum Finding {
        /// `record` has it.
        case call
        /// The work that was allowed is done; there may be more.
        case pause
        case end
    }

    package let query: Query
    /// The call that was found last.
    package private(set) var record = CallRecord()
    private let clearings: Int
    private let newest: Int
    /// Calls up to this number have been looked at.
    package private(set) var position: Int
    /// While it goes back: the number before which it has looked at everything, and how many it still has to find.
    private var back: (before: Int, wanted: Int)?
    private var left: Int

    package init(_ query: Query, in log: borrowing CallLog) {
        self.query = query
        clearings = log.clearings
        newest = min(log.newest ?? .min, query.lastNumber)
        position = query.firstNumber.map { $0 - 1 } ?? .min
        left = query.limit ?? .max
        if let limit = query.limit { back = (.max, limit) }
    }

    /// Whether the log is still the one that the search began with.
    package func isOver(_ log: borrowing CallLog) -> Bool { log.clearings != clearings }

    /// Whether it will come to this call by itself.
    func isAhead(_ number: Int) -> Bool { number > position && number <= newest }

    /// Looks at so many calls at most, which are taken off `budget`.
    package mutating func next(in log: borrowing CallLog, budget: inout Int) -> Finding {
        guard !isOver(log) else { return .end }
        if back != nil, !goBack(in: log, &budget) { return .pause }
        var index = position == .min ? 0 : log.firstIndex(from: position + 1)
        while left > 0, index < log.count, log.number(at: index) <= newest {
            guard budget > 0 else { return .pause }
            budget -= 1
            position = log.number(at: index)
            log.readSummary(index, into: &record)
            if query.matches(record) {
                left -= 1
                log.read(index, into: &record)
                return .call
            }
            index += 1
        }
        return .end
    }

    /// False when there is more to look at.
    private mutating func goBack(in log: borrowing CallLog, _ budget: inout Int) -> Bool {
        guard var (before, wanted) = back else { return true }
        var index = log.firstIndex(from: min(before, newest &+ 1))
        while wanted > 0, index > 0, log.number(at: index - 1) > position {
            guard budget > 0 else {
                back = (before, wanted)
                return false
            }
            budget -= 1
            index -= 1
            before = log.number(at: index)
            guard before <= newest else { continue }
            log.readSummary(index, into: &record)
            if query.matches(record) { wanted -= 1 }
        }
        back = nil
        if before != .max { position = before - 1 }
        return true
    }
}

/// One thing that happened to a call.
package enum CallChange: Equatable, Sendable {
    case arrived(Int)
    case ended(Int)
    /// So many changes came and went unseen.
    case missed(Int)
}

/// How many calls match, and how many of those are still being answered, kept up as calls come and end.
///
/// Calls that were there are counted a few at a time. A change of one that is yet to be counted is not noted: it will be
/// counted as it is then.
package struct CallTally {
    package private(set) var count = 0
    package private(set) var running = 0
    private var search: CallSearch
    private var isComplete = false

    package init(_ query: Query, in log: borrowing CallLog) {
        search = CallSearch(query, in: log)
    }

    package var query: Query { search.query }

    /// Counts so many calls at most; true once all are counted.
    package mutating func proceed(in log: borrowing CallLog, budget: inout Int) -> Bool {
        if search.isOver(log) { self = CallTally(query, in: log) }
        while !isComplete {
            switch search.next(in: log, budget: &budget) {
            case .call:
                count += 1
                if search.record.outcome == nil { running += 1 }
            case .pause: return false
            case .end: isComplete = true
            }
        }
        return true
    }

    package mutating func note(_ change: CallChange, in log: borrowing CallLog) {
        switch change {
        case .arrived(let number): note(number, hasEnded: false, log)
        case .ended(let number): note(number, hasEnded: true, log)
        case .missed: self = CallTally(query, in: log)
        }
    }

    private mutating func note(_ number: Int, hasEnded: Bool, _ log: borrowing CallLog) {
        // Which of the calls are the newest so many is counted anew.
        if search.isOver(log) || query.limit != nil { self = CallTally(query, in: log) }
        guard isComplete || !search.isAhead(number) else { return }
        guard let call = log.summary(of: number) else {
            // It was pushed out, and with it what it was counted as.
            self = CallTally(query, in: log)
            return
        }
        guard query.matches(call) else { return }
        if query.outcomes != nil {
            // Before its end it matched nothing.
            count += hasEnded ? 1 : 0
        } else if hasEnded {
            running -= 1
        } else {
            count += 1
            running += 1
        }
    }
}
