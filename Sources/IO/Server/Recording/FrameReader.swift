import EventLoop
import Recording
import Threading

/// Reads stored frames for the loop, which never waits for a disk: one thread, from when it is first needed, in the order
/// in which it was asked.
final class FrameReader: @unchecked Sendable {
    typealias Taker = (StoredFrames.Window?) -> Void

    private struct Order {
        var stored: StoredFrames
        var mark: StoredFrames.Mark?
        var number: Int
    }

    private let mailbox: Mailbox
    private let lock = Lock()
    private let work: Lock.Condition
    private var orders: [Order] = []
    private var isClosing = false

    // Only the loop's.
    private var thread: BackgroundThread?
    private var takers: [Int: Taker] = [:]
    private var last = 0

    init(mailbox: Mailbox) {
        self.mailbox = mailbox
        work = Lock.Condition(lock)
    }

    func read(_ stored: StoredFrames, after mark: StoredFrames.Mark?, taker: @escaping Taker) {
        last += 1
        takers[last] = taker
        let order = Order(stored: stored, mark: mark, number: last)
        lock.held {
            orders.append(order)
            work.wakeOne()
        }
        guard thread == nil else { return }
        let (thread, failure) = BackgroundThread.start { [self] in run() }
        // Without a thread it cannot be read.
        if failure == nil { self.thread = thread } else { mailbox.post { [self] in take(nil, order.number) } }
    }

    private func run() {
        while let order = next() {
            let window = order.stored.read(after: order.mark)
            mailbox.post { [self] in take(window, order.number) }
        }
    }

    private func next() -> Order? {
        lock.held {
            while orders.isEmpty, !isClosing { work.wait() }
            return orders.isEmpty ? nil : orders.removeFirst()
        }
    }

    private func take(_ window: StoredFrames.Window?, _ number: Int) { takers.removeValue(forKey: number)?(window) }

    /// Nobody asks any more.
    func close() {
        lock.held {
            isClosing = true
            orders = []
            work.wakeAll()
        }
        thread?.join()
    }
}
