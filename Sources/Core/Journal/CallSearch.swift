// Rules.  A search goes through a log a few calls at a time, and the log may change in between. It finds the calls that
//         match when it comes to them, up to the newest that there was when it began, in the order of their numbers;
//         with a limit, the newest so many. It ends when the log is cleared.
// Theory. It holds a number, not a place: calls come and are pushed out while it waits. With a limit it goes back from the
//         newest first, only counting, until it knows where to begin. Where a file keeps what memory does not, the way
//         leads through both: the older ones by pages, for which it has to wait.

/// The calls of a log that match a query, one after the other.
package struct CallSearch {
    package enum Finding: Equatable {
        /// `record` has it.
        case call
        /// The work that was allowed is done; there may be more.
        case pause
        /// Older calls are being read.
        case waits
        /// They cannot be.
        case failed(String)
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
    /// What was asked for of the older calls, and how many of it were told.
    private var page: OlderPage?
    private var told = 0

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
    package mutating func next(
        in log: borrowing CallLog, _ older: (any OlderCalls)? = nil, budget: inout Int
    ) -> Finding {
        guard !isOver(log) else { return .end }
        if back != nil, let stop = goBack(in: log, older, &budget) { return stop }
        if let older, let found = nextOlder(older, than: log, &budget) { return found }
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

    /// Goes through those that memory holds no longer; nil once it is behind them.
    private mutating func nextOlder(
        _ older: any OlderCalls, than log: borrowing CallLog, _ budget: inout Int
    ) -> Finding? {
        while left > 0, let page = page ?? read(older, upTo: newest, isBackwards: false, left, log) {
            self.page = page
            switch page.content {
            case nil: return .waits
            case .failed(let reason): return .failed(reason)
            case .calls(let calls, _) where told < calls.count:
                guard budget > 0 else { return .pause }
                budget -= 1
                record = calls[told]
                (told, left, position) = (told + 1, left - 1, record.number)
                return .call
            case .calls(_, let reached): (self.page, told, position) = (nil, 0, max(position, reached))
            }
        }
        return nil
    }

    /// Nil when none of them are to be looked at.
    private func read(
        _ older: any OlderCalls, upTo last: Int, isBackwards: Bool, _ most: Int, _ log: borrowing CallLog
    ) -> OlderPage? {
        let first = max(1, position == .min ? 1 : position + 1)
        let last = min(last, (log.oldest ?? .max) - 1)
        guard log.dropped > 0, first <= last else { return nil }
        return older.read(.init(query: query, numbers: first...last, isBackwards: isBackwards, most: most))
    }

    /// Nil once it knows where to begin.
    private mutating func goBack(
        in log: borrowing CallLog, _ older: (any OlderCalls)?, _ budget: inout Int
    ) -> Finding? {
        guard var (before, wanted) = back else { return nil }
        var index = log.firstIndex(from: min(before, newest &+ 1))
        while wanted > 0, index > 0, log.number(at: index - 1) > position {
            guard budget > 0 else {
                back = (before, wanted)
                return .pause
            }
            budget -= 1
            index -= 1
            before = log.number(at: index)
            guard before <= newest else { continue }
            log.readSummary(index, into: &record)
            if query.matches(record) { wanted -= 1 }
        }
        back = (before, wanted)
        if let older, let stop = goBackOlder(older, than: log) { return stop }
        if let back, back.before != .max { position = back.before - 1 }
        back = nil
        return nil
    }

    private mutating func goBackOlder(_ older: any OlderCalls, than log: borrowing CallLog) -> Finding? {
        while let (before, wanted) = back, wanted > 0,
            let page = page ?? read(older, upTo: min(newest, before - 1), isBackwards: true, wanted, log)
        {
            self.page = page
            switch page.content {
            case nil: return .waits
            case .failed(let reason): return .failed(reason)
            case .calls(let calls, let reached):
                let rest = wanted - calls.count
                (self.page, back) = (nil, (rest > 0 ? reached : calls.last?.number ?? reached, rest))
            }
        }
        return nil
    }
}

// Rules.  One look through the log, from an end or from behind a call that was seen, at the short fields of each call; so
//         many at most, taken off a budget. Whoever looks says whether to go on.

extension CallLog {
    /// Which way a look goes, and behind which call it begins.
    package enum Direction: Equatable, Sendable {
        case forwards(after: Int)
        case backwards(before: Int)

        package static let all = Direction.forwards(after: .min)
    }

    /// True once it came to the end, or whoever looks had enough.
    @discardableResult
    package func scan(
        _ direction: Direction, budget: inout Int, _ goesOn: (borrowing CallRecord) -> Bool
    ) -> Bool {
        var record = CallRecord()
        switch direction {
        case .forwards(let number):
            for index in (number == .min ? 0 : firstIndex(from: number &+ 1))..<count {
                if budget == 0 { return false }
                budget -= 1
                readSummary(index, into: &record)
                if !goesOn(record) { return true }
            }
        case .backwards(let number):
            for index in (0..<firstIndex(from: number)).reversed() {
                if budget == 0 { return false }
                budget -= 1
                readSummary(index, into: &record)
                if !goesOn(record) { return true }
            }
        }
        return true
    }
}
