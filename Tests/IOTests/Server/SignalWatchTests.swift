import EventLoop
import Glibc
import Support
import Testing

@testable import Server

@Suite("Signal watch") struct SignalWatchTests {
    @Test("the first signal stops, and gives the next its usual effect", arguments: [SIGTERM, SIGINT])
    func stopping(signal: Int32) async {
        let heard = Gathered<String>()
        // A thread of its own: which signals are blocked is a thread's own affair.
        let thread = RunningThread {
            guard let loop = try? Loop(), let watch = try? SignalWatch(loop: loop, stop: { heard.add("stop") })
            else { return }
            pthread_kill(pthread_self(), signal)
            loop.turn()
            var blocked = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &blocked)
            heard.add(sigismember(&blocked, signal) == 0 ? "free" : "blocked")
            withExtendedLifetime(watch) {}
        }
        await thread.ended()
        #expect(heard.all == ["stop", "free"])
    }
}
