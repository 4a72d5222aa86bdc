import Delivery
import Emulator
import Journal
import Recording

/// A recorded answer on its way out of its file: one window leaves while the next is read.
final class StoredAnswer: FlowingAnswer {
    private let replayed: LongReplayedCall
    private var mark: StoredFrames.Mark?
    private var isReading = false
    private var isComplete = false

    init(_ replayed: LongReplayedCall, for connection: Connection, arrived: Int64) {
        self.replayed = replayed
        super.init(replayed, for: connection, arrived: arrived)
    }

    override func begin() {
        arrivals.append(replayed.beginning)
        read()
    }

    override func wasTaken() { read() }

    private func read() {
        guard !isReading, !isComplete, !isOver else { return }
        isReading = true
        service.frameReader.read(replayed.stored, after: mark) { [weak self] window in self?.take(window) }
    }

    private func take(_ window: StoredFrames.Window?) {
        isReading = false
        guard !isOver else { return }
        mark = window?.next
        isComplete = mark == nil
        // What can no longer be read ends here, as if it had been cut.
        arrivals.append(window.map(replayed.steps) ?? [.close])
        replayed.touch(at: service.instant(at: service.loop.now))
        stir()
        if arrivals.isEmpty { read() }
    }
}
