import CShims

/// Whatever the loop calls: a connection, a listener, something that only waits for a deadline.
package protocol Watcher: AnyObject {
    /// The descriptor changed. Edge-triggered: what is told once is not told again until it happens again.
    func changed(_ events: Events)
    /// The deadline passed. It is gone now; a watcher that wants another sets it.
    func deadlinePassed()
    /// The turn that `takeTurnLater` asked for.
    func takeTurn()
}

extension Watcher {
    package func changed(_ events: Events) {}
    package func deadlinePassed() {}
    package func takeTurn() {}
}

package struct Events: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let readable = Events(rawValue: UInt32(SHIM_READABLE))
    package static let writable = Events(rawValue: UInt32(SHIM_WRITABLE))
    /// The peer shut down its writing half, or closed.
    package static let peerEnded = Events(rawValue: UInt32(SHIM_PEER_ENDED))
    /// Nothing more can be sent or received.
    package static let broken = Events(rawValue: UInt32(SHIM_BROKEN))
}

/// A watcher's place in its loop. The generation tells it from an earlier tenant of the same place, so that an event
/// that was already fetched for a closed descriptor reaches nobody.
package struct WatchID: Equatable, Sendable {
    let index: Int32
    let generation: UInt32

    package static let none = WatchID(index: -1, generation: 0)

    init(index: Int32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    init(token: UInt64) {
        index = Int32(truncatingIfNeeded: token)
        generation = UInt32(truncatingIfNeeded: token >> 32)
    }

    var token: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: index)) }
}

/// A system call that failed: which, and what the kernel said.
package struct SystemError: Error, Equatable, Sendable {
    package let call: String
    package let number: Int32

    package init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }

    /// What the kernel says.
    package var reason: String { String(cString: shim_error_text(number)) }

    package var text: String { "\(call): \(reason)" }
}
