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
/// counted as it is then. A page of older calls may have been read before the change, so their ends are remembered.
package struct CallTally {
    package private(set) var count = 0
    package private(set) var running = 0
    private var search: CallSearch
    private var isComplete = false
    private var endedMeanwhile: Set<Int> = []

    package enum Progress: Equatable {
        case complete
        case more
        /// For older calls.
        case waits
        case failed(String)
    }

    package init(_ query: Query, in log: borrowing CallLog) {
        search = CallSearch(query, in: log)
    }

    package var query: Query { search.query }

    /// Counts so many calls at most.
    package mutating func proceed(
        in log: borrowing CallLog, _ older: (any OlderCalls)? = nil, budget: inout Int
    ) -> Progress {
        if search.isOver(log) { self = CallTally(query, in: log) }
        while !isComplete {
            switch search.next(in: log, older, budget: &budget) {
            case .call:
                count += 1
                let record = search.record
                if record.outcome == nil, !endedMeanwhile.contains(record.number) { running += 1 }
            case .pause: return .more
            case .waits: return .waits
            case .failed(let reason): return .failed(reason)
            case .end: isComplete = true
            }
        }
        return .complete
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
        guard isComplete || !search.isAhead(number) else {
            guard hasEnded, number < log.oldest ?? .max else { return }
            // Whether it matched when it was read cannot be told.
            if query.outcomes != nil { self = CallTally(query, in: log) } else { endedMeanwhile.insert(number) }
            return
        }
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
