/// Values that go from one thread to another, in their order. Whoever gives waits while enough of them lie there.
package final class Handover<Value: Sendable>: @unchecked Sendable {
    private let most: Int
    private let lock = Lock()
    private let changed: Lock.Condition
    private var lying: [Value] = []
    private var isEnded = false
    private var isRefused = false

    package init(most: Int) {
        self.most = most
        changed = Lock.Condition(lock)
    }

    /// False when nobody takes any more.
    package func give(_ value: Value) -> Bool {
        lock.held {
            while lying.count >= most, !isRefused { changed.wait() }
            guard !isRefused else { return false }
            lying.append(value)
            changed.wakeAll()
            return true
        }
    }

    /// No more will be given.
    package func end() {
        lock.held {
            isEnded = true
            changed.wakeAll()
        }
    }

    /// Waits for the next value; nil when there will be none.
    package func take() -> Value? {
        lock.held {
            while lying.isEmpty, !isEnded { changed.wait() }
            guard !lying.isEmpty else { return nil }
            changed.wakeAll()
            return lying.removeFirst()
        }
    }

    /// No more will be taken.
    package func refuse() {
        lock.held {
            isRefused = true
            lying = []
            changed.wakeAll()
        }
    }
}
