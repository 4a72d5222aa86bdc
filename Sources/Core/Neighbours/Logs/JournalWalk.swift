import JSON
import Journal

// Theory. Whoever looks through a long journal at once holds up everything else that is being sent. So a search goes so far
//         as its budget of calls allows, keeps where it is, and goes on from there when it has another turn. Calls that
//         come meanwhile are found as well, as they would be by whoever asked a moment later.

/// What goes through the journal a piece at a time.
protocol PieceSearch {
    /// Whether it is over.
    mutating func go(in log: borrowing CallLog, budget: inout Int) throws(NeighbourError) -> Bool
}

/// What looks at every call.
protocol WholeSearch: PieceSearch {
    var walk: JournalWalk { get set }

    mutating func note(_ record: borrowing CallRecord)
}

extension WholeSearch {
    mutating func go(in log: borrowing CallLog, budget: inout Int) -> Bool {
        var walk = walk
        walk.go(in: log, budget: &budget) { record in
            note(record)
            return true
        }
        self.walk = walk
        return walk.isOver
    }
}

/// Where a search is.
struct JournalWalk {
    private(set) var isOver = false
    /// The call that was looked at last.
    private(set) var last: Int?
    private var direction: CallLog.Direction

    init(_ direction: CallLog.Direction = .all) { self.direction = direction }

    /// Whoever looks and does not want to go on is shown the same call again.
    mutating func go(in log: borrowing CallLog, budget: inout Int, _ goesOn: (borrowing CallRecord) -> Bool) {
        var (seen, isLeft) = (nil as Int?, false)
        let isDone = log.scan(direction, budget: &budget) { record in
            isLeft = !goesOn(record)
            if !isLeft { seen = record.number }
            return !isLeft
        }
        isOver = isDone && !isLeft
        guard let seen else { return }
        last = seen
        if case .forwards = direction {
            direction = .forwards(after: seen)
        } else {
            direction = .backwards(before: seen)
        }
    }
}

extension NeighbourResult {
    /// What a search in one group finds.
    static func inGroup<Search: PieceSearch>(
        _ name: String, _ call: borrowing NeighbourCall, _ begin: @escaping (LogGroup) -> Search,
        tell: @escaping (LogGroup, Search) throws(NeighbourError) -> Value
    ) -> NeighbourResult {
        var finding = GroupFinding(name, call)
        var begun: (group: LogGroup, search: Search)?
        return .inJournal { (log, budget) throws(NeighbourError) in
            if begun == nil, let group = try finding.go(in: log, budget: &budget) { begun = (group, begin(group)) }
            guard try begun?.search.go(in: log, budget: &budget) == true, let begun else { return nil }
            return try tell(begun.group, begun.search)
        }
    }
}
