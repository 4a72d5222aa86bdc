import Glibc

/// A pthread mutex, and what threads wait for under it. (The thread sanitizer reports false races on
/// `Synchronization.Mutex`.)
package final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func held<Result, Failure>(_ work: () throws(Failure) -> Result) throws(Failure) -> Result {
        take()
        defer { release() }
        return try work()
    }

    /// For what a closure would have to copy, and where every call passes: `held` is not specialised in other modules.
    package func take() { pthread_mutex_lock(mutex) }
    package func release() { pthread_mutex_unlock(mutex) }

    /// Something to wait for while holding the lock, which is free for others as long as the wait lasts. It keeps its
    /// lock alive.
    package final class Condition: @unchecked Sendable {
        private let lock: Lock
        private let condition: UnsafeMutablePointer<pthread_cond_t>

        package init(_ lock: Lock) {
            self.lock = lock
            condition = .allocate(capacity: 1)
            condition.initialize(to: pthread_cond_t())
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        }

        deinit {
            pthread_cond_destroy(condition)
            condition.deallocate()
        }

        /// May also end without having been woken: ask again for what was waited for.
        package func wait() { pthread_cond_wait(condition, lock.mutex) }

        /// Waits no longer than this; false when the time ran out.
        @discardableResult
        package func wait(nanoseconds: Int) -> Bool {
            var deadline = timespec()
            clock_gettime(CLOCK_MONOTONIC, &deadline)
            let total = deadline.tv_nsec + min(max(0, nanoseconds), 1 << 60)
            deadline.tv_sec += total / 1_000_000_000
            deadline.tv_nsec = total % 1_000_000_000
            return pthread_cond_timedwait(condition, lock.mutex, &deadline) == 0
        }

        package func wakeOne() { pthread_cond_signal(condition) }
        package func wakeAll() { pthread_cond_broadcast(condition) }
    }
}
