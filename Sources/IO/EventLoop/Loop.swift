import CShims
import Threading

/// One thread's epoll loop. It owns its watchers and nobody else touches them: no locks on the path. Other threads
/// come in through the `mailbox`.
package final class Loop {
    private struct Slot {
        var watcher: (any Watcher)?
        var generation: UInt32 = 0
    }

    package let mailbox: Mailbox
    /// Where sockets are read into. Its bytes are good until the loop's next callback: nothing that runs inside one
    /// watcher's callback reads for another.
    package let scratch: UnsafeMutableBufferPointer<UInt8>
    private let poll: Int32
    private let events: UnsafeMutableBufferPointer<shim_event>
    private var slots: [Slot] = []
    private var freeSlots: [Int32] = []
    private var deadlines = DeadlineHeap()
    private var turnsAsked: [WatchID] = []
    private var isStopped = false
    /// How many there have been.
    package private(set) var turns = 0
    private var wallOffset: Int64
    private static let mailToken = UInt64.max

    package init() throws(SystemError) {
        let descriptor = shim_poll_create()
        guard descriptor >= 0 else { throw SystemError(call: "epoll_create1", number: -descriptor) }
        poll = descriptor
        mailbox = try Mailbox()
        events = .allocate(capacity: 256)
        scratch = .allocate(capacity: 65_536)
        wallOffset = shim_wall() - shim_monotonic()
        let added = shim_poll_add(poll, mailbox.descriptor, Self.mailToken)
        guard added >= 0 else { throw SystemError(call: "epoll_ctl", number: -added) }
    }

    deinit {
        shim_close(poll)
        events.deallocate()
        scratch.deallocate()
    }

    // MARK: Time

    /// Nanoseconds of the monotonic clock, read now.
    package var now: Int64 { shim_monotonic() }

    /// The same moment in nanoseconds since 1970: the wall clock as of this turn's start, carried on by the monotonic.
    package func wall(at monotonic: Int64) -> Int64 { monotonic &+ wallOffset }

    // MARK: Watchers

    /// Calls `watcher` from now on, about `descriptor` if there is one.
    package func add(_ watcher: any Watcher, descriptor: Int32? = nil) throws(SystemError) -> WatchID {
        let index = freeSlots.popLast() ?? Int32(slots.count)
        if Int(index) == slots.count { slots.append(Slot()) }
        let id = WatchID(index: index, generation: slots[Int(index)].generation)
        if let descriptor {
            let added = shim_poll_add(poll, descriptor, id.token)
            guard added >= 0 else {
                freeSlots.append(index)
                throw SystemError(call: "epoll_ctl", number: -added)
            }
        }
        slots[Int(index)].watcher = watcher
        return id
    }

    /// Forgets a watcher. Its descriptor leaves epoll when it is closed, which is the caller's business.
    package func remove(_ id: WatchID) {
        guard watcher(id) != nil else { return }
        slots[Int(id.index)].watcher = nil
        slots[Int(id.index)].generation &+= 1
        deadlines.clear(id.index)
        freeSlots.append(id.index)
    }

    /// Stops watching a descriptor that stays open.
    package func forget(descriptor: Int32) { _ = shim_poll_remove(poll, descriptor) }

    package func setDeadline(_ deadline: Int64, for id: WatchID) {
        if watcher(id) != nil { deadlines.set(id.index, to: deadline) }
    }

    package func clearDeadline(of id: WatchID) {
        if watcher(id) != nil { deadlines.clear(id.index) }
    }

    /// Lets the others go first: `takeTurn` is called in the next turn, which does not wait.
    package func takeTurnLater(_ id: WatchID) { turnsAsked.append(id) }

    package var watchers: [any Watcher] { slots.compactMap(\.watcher) }

    private func watcher(_ id: WatchID) -> (any Watcher)? {
        guard id.index >= 0, Int(id.index) < slots.count, slots[Int(id.index)].generation == id.generation
        else { return nil }
        return slots[Int(id.index)].watcher
    }

    // MARK: Turns

    /// Runs until `stop`.
    package func run() {
        isStopped = false
        shim_sharpen_timers()
        while !isStopped { turn() }
    }

    package func stop() { isStopped = true }

    /// One turn: wait, tell what changed, tell what is due, do what others left in the mailbox.
    package func turn() {
        turns += 1
        let count = shim_poll_wait(poll, events.baseAddress, Int32(events.count), timeout())
        let woken = shim_monotonic()
        wallOffset = shim_wall() &- woken
        for index in 0..<max(0, Int(count)) { tell(events[index]) }
        while let slot = deadlines.popDue(now: woken) { slots[Int(slot)].watcher?.deadlinePassed() }
        giveTurns()
    }

    private func tell(_ event: shim_event) {
        if event.token == Self.mailToken {
            for work in mailbox.takeAll() { work() }
        } else {
            watcher(WatchID(token: event.token))?.changed(Events(rawValue: event.events))
        }
    }

    private func giveTurns() {
        guard !turnsAsked.isEmpty else { return }
        let asked = turnsAsked
        turnsAsked = []
        for id in asked { watcher(id)?.takeTurn() }
    }

    private func timeout() -> Int64 {
        if !turnsAsked.isEmpty { return 0 }
        guard let next = deadlines.next else { return -1 }
        return max(0, next &- shim_monotonic())
    }
}

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
