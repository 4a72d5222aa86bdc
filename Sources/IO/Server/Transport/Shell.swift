import EventLoop
import HTTPWire

// Rules.  A shell owns a socket and its place in the loop, and does what its machine says; it decides nothing. Reading
//         begins in the loop's callbacks only, never inside another connection's: they share the buffer that is read into.
// Theory. A message that comes whole is read where it landed. What the machine leaves unread, or has to see again, is
//         kept in `held`, so that a connection between two messages keeps nothing.

/// Whoever takes what a socket has to its machine.
protocol Shell: Watcher {
    associatedtype Machine: Exchange

    var loop: Loop { get }
    var id: WatchID { get }
    var transport: Transport { get set }
    var exchange: Machine { get set }
    var rules: Machine.Rules { get }
    /// Part of a message, or, between two, what came with an earlier one.
    var held: [UInt8] { get set }

    /// Does what the machine says. `rest` is what it left of the bytes that it was told of, good for this call only.
    func obey(_ action: Machine.Action, at now: Int64, rest: UnsafeBufferPointer<UInt8>)
    func broke(_ failure: Transport.Failure)
}

extension Shell {
    func obey(_ action: Machine.Action, at now: Int64) {
        obey(action, at: now, rest: UnsafeBufferPointer(start: nil, count: 0))
    }

    /// Takes what came earlier, then what the socket has, while the machine takes it.
    func readOn() {
        if !held.isEmpty, exchange.takesInput, !exchange.isMidMessage {
            let bytes = held
            held = []
            bytes.withUnsafeBufferPointer { feed($0) }
        }
        var rounds = 0
        while exchange.takesInput, transport.mayReceive {
            // One fast client does not keep the others waiting.
            if rounds == 16 { return loop.takeTurnLater(id) }
            rounds += 1
            receive()
        }
    }

    private func receive() {
        switch transport.receive(into: loop.scratch) {
        case .bytes(let count): feed(UnsafeBufferPointer(rebasing: loop.scratch[..<count]))
        case .nothing: break
        case .end: obey(exchange.inputEnded(held: &held), at: loop.now)
        case .broken(let failure): broke(failure)
        }
    }

    private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        var next = 0
        while next < bytes.count, exchange.takesInput {
            let now = loop.now
            let action = exchange.received(
                Span(_unsafeElements: bytes), from: &next, held: &held, at: now, rules)
            obey(action, at: now, rest: UnsafeBufferPointer(rebasing: bytes[next...]))
        }
        if next < bytes.count, !exchange.isOver { held = Array(bytes[next...]) }
    }

    func deadlinePassed() {
        let now = loop.now
        obey(exchange.deadlinePassed(at: now, rules), at: now)
        readOn()
    }
}
