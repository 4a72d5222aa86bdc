import Delivery
import Journal

// Rules.  The journal may be long, and a look through it at once would hold up whatever else is being sent: so it is looked
//         at for so many calls at a time. A short one says what is answered before anything else happens, and the call has
//         one record. Otherwise the call has its record first, and the answer is told of when it is found.

/// Finds an answer in the journal: nil while more of it has to be looked at than the budget allows.
typealias JournalSearch = (borrowing CallLog, _ budget: inout Int) -> ServiceResponse?

/// A call whose answer stands in the journal: whoever has that asks.
package final class ReadingCall {
    private let open: OpenCall
    private let search: JournalSearch
    private let seed: UInt64

    init(_ call: OpenCall, seed: UInt64, _ search: @escaping JournalSearch) {
        (open, self.search, self.seed) = (call, search, seed)
    }

    /// Nil where the journal is too long for one look; what was seen of it is not looked at again.
    package func answer(from log: borrowing CallLog, budget: inout Int) -> AnsweredCall? {
        guard let response = search(log, &budget) else { return nil }
        return SettleStage.settle(open, response, seed: seed)
    }

    /// The same call, to be answered piece by piece.
    package func sought() -> SoughtCall { SoughtCall(open, search) }
}

/// A call whose answer is being looked for.
package final class SoughtCall: FlowingCall {
    private let search: JournalSearch

    fileprivate init(_ call: OpenCall, _ search: @escaping JournalSearch) {
        self.search = search
        super.init(call)
    }

    /// The answer, once it is found.
    package func steps(from log: borrowing CallLog, budget: inout Int) -> [Step]? {
        guard var response = search(log, &budget) else { return nil }
        ServiceFields.add(to: &response.fields, for: open)
        SettleStage.note(response.why, of: open)
        return response.script(seed: 0).steps
    }
}
