// Rules.  One request at a time on a connection, and its answer bit by bit: the head once, then content as it comes, then
//         the end. Whatever goes wrong ends the exchange, with a reason that says on whose side; the connection is of
//         use afterwards only when the answer ended as it said it would and the request had left whole.
// Theory. An answer may begin before the request is all sent: who refuses a large body says so and closes. So bytes are
//         taken while sending. Content is handed over and not kept: a stream without an end holds nothing here. Whoever
//         takes it may be slower than it comes: while paused nothing is read, and the sender is held back by its socket.
//         What was whole before something that cannot be read is handed on first, however the bytes were cut.
// Table.  | phase      | accepted | connected | sent    | bytes | input ended         | broken | deadline passed |
//         |------------|----------|-----------|---------|-------|---------------------|--------|-----------------|
//         | connecting | securing | send      |         |       |                     | failed | failed          |
//         | securing   |          | send      |         |       |                     | failed | failed          |
//         | sending    |          |           | reading | parse | failed, or over     | failed | failed          |
//         | reading    |          |           |         | parse | ended, if that ends | failed | failed          |
//         | over       |          |           |         |       |                     |        |                 |

/// The client's side of one connection, for one request.
package struct ClientExchange: Exchange {
    package enum Action: Equatable {
        /// Nothing, until something happens.
        case goOn
        /// Send the request, then say that it was sent.
        case send
        case take(Part)
        /// There will be no more of the answer than what came with it.
        case fail(Failure, after: Part? = nil)
    }

    /// What came of the answer.
    package struct Part: Equatable {
        /// Without content; interim answers (1xx) are not told.
        package var head: Response?
        package var content: [UInt8] = []
        package var ending: Ending?
        /// More came with the answer than it announced. The answer stands.
        package var isExceeded = false

        package init(head: Response? = nil, content: [UInt8] = [], ending: Ending? = nil) {
            (self.head, self.content, self.ending) = (head, content, ending)
        }
    }

    package enum Ending: Equatable, Sendable {
        /// The connection can carry another request.
        case keepsAlive
        case closes
        /// What follows is another protocol, as was asked for.
        case switches
    }

    package struct Failure: Error, Equatable, Sendable {
        package enum Kind: Equatable, Sendable {
            /// No connection came about.
            case unreachable
            /// One did, and nobody answered its TLS handshake in time.
            case unsecured
            case timedOut
            /// The connection broke: RST.
            case reset
            /// It ended before the answer was complete.
            case cut
            /// What came is no answer, or one that can be read in two ways.
            case unreadable
            /// Whoever is there says that it is not ready.
            case unhealthy
        }

        package var kind: Kind
        package var reason: String

        package init(_ kind: Kind, _ reason: String) { (self.kind, self.reason) = (kind, reason) }
    }

    private enum Phase: UInt8 { case connecting, securing, sending, reading, over }

    private var phase: Phase
    private var parser: ResponseParser
    /// Anything at all of an answer has come.
    package private(set) var hasBegun = false
    private var headWasTold = false
    /// Whoever takes the answer has no room for more.
    package var isPaused = false

    /// - Parameter isConnected: the connection has carried another exchange before.
    package init(isConnected: Bool = false, answeringHead: Bool = false, maySwitch: Bool = false, limits: Limits) {
        phase = isConnected ? .sending : .connecting
        parser = ResponseParser(answeringHead: answeringHead, maySwitch: maySwitch, limits: limits)
    }

    package var takesInput: Bool { !isPaused && (phase == .reading || phase == .sending) }
    package var isOver: Bool { phase == .over }
    package var isMidMessage: Bool { true }
    package var isConnecting: Bool { phase == .connecting || phase == .securing }

    /// The socket is connected, and TLS is to be agreed on. Returns whether that is new.
    package mutating func accepted() -> Bool {
        guard phase == .connecting else { return false }
        phase = .securing
        return true
    }

    package mutating func connected() -> Action {
        guard isConnecting else { return .goOn }
        phase = .sending
        return .send
    }

    package mutating func sent() -> Action {
        if phase == .sending { phase = .reading }
        return .goOn
    }

    package mutating func received(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: Void
    ) -> Action {
        guard takesInput else { return .goOn }
        hasBegun = hasBegun || next < bytes.count
        let (end, event) = parser.read(bytes, from: next, held: &held)
        next = end
        return take(event, isExceeded: end < bytes.count, &held)
    }

    package mutating func inputEnded(held: inout [UInt8]) -> Action {
        guard phase == .reading || phase == .sending else { return .goOn }
        let event = parser.readEnd(held: &held)
        if case .refused(let refusal) = event { return fail(.cut, refusal.message) }
        return take(event, isExceeded: false, &held)
    }

    private mutating func take(
        _ event: ResponseParser.Event, isExceeded: Bool, _ held: inout [UInt8]
    ) -> Action {
        switch event {
        case .needsMore: return takeSoFar(&held)
        case .refused(let refusal):
            guard case .take(let part) = takeSoFar(&held) else { return fail(.unreadable, refusal.message) }
            return fail(.unreadable, refusal.message, after: part)
        case .response(var response):
            var part = Part(ending: response.keepsAlive && phase == .reading ? .keepsAlive : .closes)
            part.isExceeded = isExceeded && response.status != 101
            if response.status == 101 { part.ending = .switches }
            swap(&part.content, &response.body)
            if !headWasTold { part.head = response }
            phase = .over
            return .take(part)
        }
    }

    /// Before the body begins, what is held is part of the head.
    private mutating func takeSoFar(_ held: inout [UInt8]) -> Action {
        guard let head = parser.head else { return .goOn }
        var part = Part(head: headWasTold ? nil : head)
        headWasTold = true
        swap(&part.content, &held)
        return part.head == nil && part.content.isEmpty ? .goOn : .take(part)
    }

    package mutating func deadlinePassed(at now: Int64, _ rules: Void) -> Action {
        switch phase {
        case .connecting: fail(.unreachable, "the connection was not accepted in time")
        case .securing: fail(.unsecured, "the TLS handshake was not answered in time")
        case .sending: fail(.timedOut, "the request was not taken in time")
        case .reading, .over: fail(.timedOut, "the answer did not come in time")
        }
    }

    /// The connection broke, or never was one.
    package mutating func failed(_ reason: String) -> Action {
        fail(isConnecting ? .unreachable : .reset, reason)
    }

    /// The other side is not who was to be asked, or will not be asked like this.
    package mutating func refused(_ reason: String) -> Action { fail(.unreachable, reason) }

    /// Nobody wants the answer any more.
    package mutating func abandon() { phase = .over }

    private mutating func fail(_ kind: Failure.Kind, _ reason: String, after part: Part? = nil) -> Action {
        guard phase != .over else { return .goOn }
        phase = .over
        return .fail(Failure(kind, reason), after: part)
    }
}
