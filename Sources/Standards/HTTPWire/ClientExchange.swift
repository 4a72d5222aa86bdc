// Rules.  One request, one answer, one connection. The request leaves whole before anything is read; whatever goes wrong
//         ends the exchange, with a reason that says on whose side.
// Table.  | phase      | connected | sent    | bytes       | input ended        | broken | deadline passed |
//         |------------|-----------|---------|-------------|--------------------|--------|-----------------|
//         | connecting | send      |         |             |                    | failed | failed          |
//         | sending    |           | read    | not taken   |                    | failed | failed          |
//         | reading    |           |         | parse       | done, if that ends | failed | failed          |
//         | done       |           |         |             |                    |        |                 |

/// The client's side of one connection.
package struct ClientExchange: Exchange {
    package enum Action: Equatable {
        /// Nothing, until something happens.
        case goOn
        /// Send these bytes, then say that they were sent.
        case send([UInt8])
        /// The answer is complete, and the connection is of no more use.
        case deliver(Response)
        /// There will be no answer.
        case fail(String)
    }

    private enum Phase: UInt8 { case connecting, sending, reading, done }

    private var phase = Phase.connecting
    private let request: [UInt8]
    private var parser: ResponseParser

    /// `request` as `RequestWriter` wrote it.
    package init(_ request: [UInt8], limits: Limits) {
        self.request = request
        parser = ResponseParser(limits: limits)
    }

    package var takesInput: Bool { phase == .reading }
    package var isOver: Bool { phase == .done }
    package var isMidMessage: Bool { true }
    package var isConnecting: Bool { phase == .connecting }

    package mutating func connected() -> Action {
        guard phase == .connecting else { return .goOn }
        phase = .sending
        return .send(request)
    }

    package mutating func sent() -> Action {
        if phase == .sending { phase = .reading }
        return .goOn
    }

    package mutating func received(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: Void
    ) -> Action {
        guard phase == .reading else { return .goOn }
        let (end, event) = parser.read(bytes, from: next, held: &held)
        next = end
        return take(event)
    }

    package mutating func inputEnded(held: inout [UInt8]) -> Action {
        phase == .reading ? take(parser.readEnd(held: &held)) : .goOn
    }

    private mutating func take(_ event: ResponseParser.Event) -> Action {
        switch event {
        case .needsMore: return .goOn
        case .refused(let refusal): return fail(refusal.message)
        case .response(let response):
            phase = .done
            return .deliver(response)
        }
    }

    package mutating func deadlinePassed(at now: Int64, _ rules: Void) -> Action {
        fail(phase == .connecting ? "the connection was not accepted in time" : "the answer did not come in time")
    }

    /// The connection broke, or never was one.
    package mutating func failed(_ reason: String) -> Action { fail(reason) }

    private mutating func fail(_ reason: String) -> Action {
        guard phase != .done else { return .goOn }
        phase = .done
        return .fail(reason)
    }
}
