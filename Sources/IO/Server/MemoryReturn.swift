import CShims
import EventLoop

/// Gives memory back to the system after a crowd has left. What a thousand connections held lies all over the heap, which by
/// itself returns only its end.
final class MemoryReturn: Watcher {
    private let loop: Loop
    private var id = WatchID.none
    private(set) var count = 0
    /// The most connections since memory was returned last.
    private var most = 0
    private var isPlanned = false
    private(set) var returns = 0

    static let crowd = 256
    /// Nanoseconds: returning takes some milliseconds, and a crowd leaves one by one.
    static let delay: Int64 = 500_000_000

    init(loop: Loop) {
        self.loop = loop
        shim_map_large_blocks()
    }

    func connectionOpened() {
        count += 1
        most = max(most, count)
    }

    func connectionClosed() {
        count -= 1
        guard most - count >= Self.crowd, !isPlanned else { return }
        if id == .none { id = (try? loop.add(self)) ?? .none }
        isPlanned = true
        loop.setDeadline(loop.now &+ Self.delay, for: id)
    }

    func deadlinePassed() {
        (isPlanned, most) = (false, count)
        returns += 1
        shim_return_memory()
    }
}
