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
