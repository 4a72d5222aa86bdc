import CShims
import Threading

/// The one door into a loop from other threads: work left here is done by the loop, in order, in its next turn.
package final class Mailbox: @unchecked Sendable {
    private let lock = Lock()
    private let wakeup: Int32
    private var work: [@Sendable () -> Void] = []

    init() throws(SystemError) {
        let descriptor = shim_wakeup_create()
        guard descriptor >= 0 else { throw SystemError(call: "eventfd", number: -descriptor) }
        wakeup = descriptor
    }

    deinit { shim_close(wakeup) }

    var descriptor: Int32 { wakeup }

    package func post(_ item: @escaping @Sendable () -> Void) {
        let wasEmpty = lock.held {
            work.append(item)
            return work.count == 1
        }
        if wasEmpty { shim_wakeup_signal(wakeup) }
    }

    func takeAll() -> [@Sendable () -> Void] {
        shim_wakeup_drain(wakeup)
        return lock.held {
            defer { work = [] }
            return work
        }
    }
}
