import CShims
import EventLoop
import Glibc

/// SIGINT and SIGTERM as events of the loop. After the first one, they have their usual effect again: whoever asks twice
/// does not want to wait for the journal.
final class SignalWatch: Watcher {
    private let descriptor: Int32
    private let stop: () -> Void

    init(loop: Loop, stop: @escaping () -> Void) throws(SystemError) {
        descriptor = shim_stop_signals()
        self.stop = stop
        guard descriptor >= 0 else { throw SystemError(call: "signalfd", number: -descriptor) }
        _ = try loop.add(self, descriptor: descriptor)
    }

    func changed(_ events: Events) {
        guard shim_read_signal(descriptor) > 0 else { return }
        shim_release_stop_signals()
        stop()
    }
}
