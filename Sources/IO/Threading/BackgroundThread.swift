import Glibc

/// A thread that does one piece of work to its end, and can be waited for.
package final class BackgroundThread: @unchecked Sendable {
    private let work: @Sendable () -> Void
    private var handle = pthread_t()
    private let joining = Lock()
    private var isJoined = false

    /// Answers nil when the thread began, or why the system has none; then the work is not done.
    ///
    /// It runs with all signals blocked: they are the main thread's business, and SIGXFSZ, which a full quota sends,
    /// becomes an error that the failing call reports.
    package static func start(_ work: @escaping @Sendable () -> Void) -> (thread: BackgroundThread, failure: String?) {
        let thread = BackgroundThread(work)
        return (thread, thread.start())
    }

    private init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    private func start() -> String? {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        let code = pthread_create(
            &handle, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<BackgroundThread>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code != 0 else { return nil }
        Unmanaged.passUnretained(self).release()
        isJoined = true
        return String(cString: strerror(code))
    }

    /// Waits until the work is done; more than once, and from any thread.
    package func join() {
        joining.held {
            guard !isJoined else { return }
            pthread_join(handle, nil)
            isJoined = true
        }
    }
}
