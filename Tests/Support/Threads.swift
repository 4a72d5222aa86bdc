import Foundation

/// A value that only one thread at a time uses, as the test arranges it.
public struct Unchecked<Value>: @unchecked Sendable {
    public let value: Value

    public init(_ value: Value) { self.value = value }
}

/// Gathers values from several threads.
public final class Gathered<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Value] = []

    public init() {}

    public func add(_ value: Value) { lock.withLock { values.append(value) } }

    public var all: [Value] { lock.withLock { values } }
}

/// A thread that runs at once, whatever the test runner's own threads are doing.
public final class RunningThread: @unchecked Sendable {
    private let lock = NSLock()
    private var isDone = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(_ work: @escaping @Sendable () -> Void) {
        let thread = Foundation.Thread { [self] in
            work()
            finish()
        }
        thread.start()
    }

    private func finish() {
        let continuations = lock.withLock {
            isDone = true
            return waiting
        }
        for continuation in continuations { continuation.resume() }
    }

    public func ended() async {
        await withCheckedContinuation { continuation in
            let isLate = lock.withLock {
                if !isDone { waiting.append(continuation) }
                return isDone
            }
            if isLate { continuation.resume() }
        }
    }
}
