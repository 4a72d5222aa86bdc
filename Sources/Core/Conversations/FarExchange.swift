import HTTPWire
import SplitMix
import WebSocketWire

// Rules.  What the other side says is told message by message; a ping is answered at once, a close is answered and ends it.
//         While it is paused nothing is read, so that a side that talks faster than the client listens is held back.
// Theory. RFC 6455 is kept by `Endpoint`, in the role of a client. The limits of the service are for its callers; of an
//         agent a message may be as long as memory is bounded to.
// Table.  | phase   | a message | a ping | a close         | input ended, broken | deadline passed |
//         |---------|-----------|--------|-----------------|---------------------|-----------------|
//         | open    | said      | pong   | answered, ended | cut                 |                 |
//         | closing | thrown away | pong | ended           | ended               | ended           |
//         | over    |           |        |                 |                     |                 |

/// Our side of a conversation with another server.
package struct FarExchange: Exchange {
    package enum Action: Equatable {
        case goOn
        /// Send what `takeOutput` gives.
        case send
        case said([UInt8], isBinary: Bool)
        /// It closed, or broke the rules: the connection ends when what is assembled was sent.
        case ended(code: UInt16?, reason: String)
        /// The connection ended without a close.
        case cut
    }

    private enum Phase: UInt8 { case open, closing, over }

    private static let limits = Endpoint.Limits(frame: 16 << 20, message: 16 << 20)
    private var endpoint = Endpoint(.client, limits: limits)
    private var phase = Phase.open
    private var message: [UInt8] = []
    private var output: [UInt8] = []
    private var chance: Chance
    package var isPaused = false
    package private(set) var isMidMessage = false

    /// `seed` is what masks are drawn from.
    package init(seed: UInt64) { chance = Chance(seed: seed) }

    package var takesInput: Bool { !isPaused && phase != .over }
    package var isOver: Bool { phase == .over }

    package mutating func takeOutput() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &output)
        return taken
    }

    package mutating func say(_ content: [UInt8], isBinary: Bool) -> Action {
        guard phase == .open, write(.message(isBinary ? .binary : .text, content)) else { return .goOn }
        return .send
    }

    package mutating func close(code: UInt16?, reason: String) -> Action {
        guard phase == .open else { return .goOn }
        phase = .closing
        // What nobody may send stands for a connection that ended (RFC 6455 7.4.1).
        let code = code.flatMap { CloseCode(rawValue: $0).mayBeSent ? CloseCode(rawValue: $0) : nil }
        return write(.close(code ?? .goingAway, reason: reason)) ? .send : .goOn
    }

    package mutating func received(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: Void
    ) -> Action {
        guard takesInput else { return .goOn }
        if held.isEmpty {
            let (place, event) = endpoint.read(bytes, from: next, message: &message)
            next = place
            isMidMessage = event == .needsMore && place < bytes.count
            guard isMidMessage else { return heard(event) }
            held.append(addingCapacity: bytes.count - next) { $0.append(bytes.extracting(next..<bytes.count)) }
            next = bytes.count
            return .goOn
        }
        // The rest of a header, looked at again with a byte more at a time: it has a hundred and thirty at most.
        held.append(bytes[next])
        next += 1
        let (place, event) = endpoint.read(held.span, from: 0, message: &message)
        held.removeFirst(place)
        isMidMessage = !held.isEmpty
        return heard(event)
    }

    private mutating func heard(_ event: Endpoint.Event) -> Action {
        switch event {
        case .messageReceived(let kind):
            var said: [UInt8] = []
            swap(&said, &message)
            return phase == .open ? .said(said, isBinary: kind == .binary) : .goOn
        case .pingReceived: return event.answer.map { write($0) } == true ? .send : .goOn
        case .closeReceived(let code, let reason):
            _ = write(.close(code, reason: ""))
            phase = .over
            return .ended(code: code?.rawValue, reason: reason)
        case .failed(let failure):
            _ = write(.close(failure.code, reason: failure.description))
            phase = .over
            return .ended(code: CloseCode.internalError.rawValue, reason: "the agent broke the protocol")
        case .needsMore, .fragmentReceived, .pongReceived: return .goOn
        }
    }

    package mutating func inputEnded(held: inout [UInt8]) -> Action { broke() }

    package mutating func broke() -> Action {
        guard phase != .over else { return .goOn }
        phase = .over
        return .cut
    }

    /// The close was not answered.
    package mutating func deadlinePassed(at now: Int64, _ rules: Void) -> Action { broke() }

    private mutating func write(_ command: Endpoint.Command) -> Bool {
        endpoint.write(command, into: &output, chance: &chance)
    }
}
