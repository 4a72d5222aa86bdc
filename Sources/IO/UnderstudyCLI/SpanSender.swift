import CShims
import JSON
import Journal
import Threading

// Rules.  Every call that has ended becomes a span, and spans are posted in batches by a thread of their own. What waits is
//         bounded: while the collector takes nothing, what does not fit is left out and counted, and no call ever waits. A
//         batch that is not taken is tried again; what is left when the server goes is tried once,
//         and counted if it is not taken then.

/// Sends calls to a collector: `--otlp URL`.
final class SpanSender: @unchecked Sendable {
    static let most = 4_096
    private static let batch = 512
    private static let pause = 500_000_000

    private struct Chance: RandomNumberGenerator {
        mutating func next() -> UInt64 { shim_random() }
    }

    private let client: ServerClient
    private let target: String
    private let version: String
    private let warn: @Sendable (String) -> Void
    private let lock = Lock()
    private let woken: Lock.Condition
    private var waiting: [CallRecord] = []
    private var left = 0
    private var isOver = false
    private var thread: BackgroundThread?

    /// `url` is where the collector is; `/v1/traces` stands below it, unless it is a part of the address already.
    init(
        _ url: String, version: String, patience: Duration = .seconds(5), warn: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        let address = try ServerAddress(url)
        client = ServerClient(address, patience: patience)
        target = address.prefix.hasSuffix("/v1/traces") ? "" : "/v1/traces"
        (self.version, self.warn) = (version, warn)
        woken = Lock.Condition(lock)
    }

    func start() { thread = BackgroundThread.start { [self] in run() }.thread }

    /// From the server's thread: never waits for anything but a thread that is copying as much as this.
    func add(_ call: CallRecord) {
        lock.held {
            guard waiting.count < Self.most else {
                left += 1
                return
            }
            waiting.append(call)
            if waiting.count == Self.batch { woken.wakeOne() }
        }
    }

    func stop() {
        lock.held {
            isOver = true
            woken.wakeAll()
        }
        thread?.join()
    }

    private func run() {
        var isTold = false
        while true {
            let (calls, over) = take()
            if !calls.isEmpty {
                if let failure = post(calls) {
                    let sequel = over ? "" : "; calls go on, and spans are tried again"
                    if !isTold { warn("spans are not taken: \(failure)\(sequel)") }
                    isTold = true
                    if over { leaveOut(calls.count) } else { putBack(calls) }
                } else {
                    isTold = false
                    tellLeft()
                }
            }
            if over { return tellLeft() }
        }
    }

    /// What waits, once there is enough of it or some time has passed.
    private func take() -> (calls: [CallRecord], isOver: Bool) {
        lock.held {
            if !isOver, waiting.count < Self.batch { woken.wait(nanoseconds: Self.pause) }
            let calls = Array(waiting.prefix(isOver ? Self.most : Self.batch))
            waiting.removeFirst(calls.count)
            return (calls, isOver && waiting.isEmpty)
        }
    }

    private func putBack(_ calls: [CallRecord]) {
        lock.held {
            let room = Self.most - waiting.count
            left += max(0, calls.count - room)
            waiting.insert(contentsOf: calls.prefix(room), at: 0)
            if !isOver { woken.wait(nanoseconds: Self.pause) }
        }
    }

    private func leaveOut(_ count: Int) { lock.held { left += count } }

    /// Why they were not taken, or nil.
    private func post(_ calls: [CallRecord]) -> String? {
        var chance = Chance()
        let spans = calls.map { CallSpan.value(of: $0, &chance) }
        do throws(Failure) {
            let (status, _) = try client.answer(to: target, posting: CallSpan.request(spans, version: version).compact)
            return status < 300 ? nil : "the collector answers \(status)"
        } catch {
            return error.message
        }
    }

    private func tellLeft() {
        let count = lock.held {
            defer { left = 0 }
            return left
        }
        if count > 0 { warn("\(Spelling.count(count, "span")) left out: the collector took none") }
    }
}
