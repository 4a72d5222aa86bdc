import Delivery
import Emulator
import EventLoop
import Journal

/// An answer that is looked for in the journal, a piece of it in a turn of the loop: only its caller waits for it.
final class SoughtAnswer: FlowingAnswer, Watcher {
    private let sought: SoughtCall
    private var id = WatchID.none
    /// So many calls are looked at in one turn.
    static let looks = 512

    init(_ sought: SoughtCall, for connection: Connection, arrived: Int64) {
        self.sought = sought
        super.init(sought, for: connection, arrived: arrived)
    }

    override func begin() {
        do throws(SystemError) {
            id = try service.loop.add(self)
            service.loop.takeTurnLater(id)
        } catch {
            arrivals.append([.close])
        }
    }

    func takeTurn() {
        guard !isOver else { return }
        var budget = Self.looks
        guard service.mayMakePiece(), let steps = sought.steps(from: service.keeper.log, budget: &budget) else {
            return service.loop.takeTurnLater(id)
        }
        arrivals.append(steps)
        stir()
    }

    override func release(_ report: Report) {
        if id != .none { service.loop.remove(id) }
    }
}
