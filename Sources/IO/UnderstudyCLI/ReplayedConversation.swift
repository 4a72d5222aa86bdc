import CShims
import Recording
import Time
import WebSocketWire

/// One conversation on its way: says what the recorded client said, when it said it.
final class ReplayedConversation: FidelityStream {
    let socket: Int32
    private let number: Int
    private var rest: ArraySlice<UInt8>
    /// When the call was sent.
    private var sent: Int64?
    private var opening = AnswerReader()
    private var endpoint = Endpoint(.client, limits: Endpoint.Limits(frame: 65_536, message: 16 << 20))
    private var comparison: ConversationComparison
    private var held: [UInt8] = []
    private var message: [UInt8] = []
    private var isOpen = false
    private var hasClosed = false
    private(set) var isOver = false
    private var piece = [UInt8](repeating: 0, count: 65_536)
    private var chance = SystemRandomNumberGenerator()

    init(_ number: Int, _ comparison: ConversationComparison, _ request: [UInt8], _ socket: Int32) {
        (self.number, self.comparison, self.socket) = (number, comparison, socket)
        rest = request[...]
    }

    var isSent: Bool { rest.isEmpty }
    var fidelity: StreamFidelity { comparison.stream(call: number + 1) }

    var patience: Int64 {
        guard let sent else { return .max / 2 }
        switch comparison.turn {
        case .says(_, let moment) where isOpen && !hasClosed: return sent.later(by: moment)
        case .says(_, let moment), .listens(until: let moment): return sent.later(by: moment).later(by: Self.grace)
        case .closes: return sent.later(by: hasClosed ? closedAt.later(by: Self.grace) : 0)
        }
    }

    private static let grace: Int64 = 2_000_000_000
    private var closedAt: Int64 = 0
    private var now: Int64 { shim_monotonic() - (sent ?? 0) }

    func goOn() throws(Failure) {
        if !isSent { return try send() }
        while !isOver {
            guard let count = Self.receive(&piece, socket) else { return }
            guard count > 0 else { return finish(isCut: true) }
            take(Array(piece[..<count]), at: now)
        }
    }

    private func send() throws(Failure) {
        try Self.send(&rest, socket)
        if isSent, sent == nil { sent = shim_monotonic() }
    }

    /// Says what is due; and ends what nothing came of.
    func timePassed() throws(Failure) {
        guard let sent, !isOver, isSent, shim_monotonic() >= patience else { return }
        guard isOpen, !hasClosed else { return finish(isCut: true) }
        switch comparison.turn {
        case .says(let heard, _):
            comparison.said(at: shim_monotonic() - sent)
            try write(.message(heard.isBinary ? .binary : .text, heard.bytes))
        case .closes:
            (hasClosed, closedAt) = (true, now)
            try write(.close(.normal, reason: ""))
        case .listens: finish(isCut: true)
        }
    }

    private func write(_ command: Endpoint.Command) throws(Failure) {
        var output = Array(rest)
        _ = endpoint.write(command, into: &output, chance: &chance)
        rest = output[...]
        try send()
    }

    // MARK: What comes

    private func take(_ bytes: [UInt8], at moment: Int64) {
        opening.read(bytes) { event in
            switch event {
            case .head(let status):
                comparison.opened(status: status)
                isOpen = status == 101
            case .body(let range): held += bytes[range]
            case .chunkEnded, .ended, .garbage: break
            }
        }
        guard isOpen else {
            if opening.isEnded || !held.isEmpty { finish(isCut: true) }
            return
        }
        while !isOver {
            // A constant: the release build takes no span of what a class holds.
            let bytes = held
            let (next, event) = endpoint.read(bytes.span, from: 0, message: &message)
            held.removeFirst(next)
            if event == .needsMore { return }
            heard(event, at: moment)
        }
    }

    private func heard(_ event: Endpoint.Event, at moment: Int64) {
        switch event {
        case .messageReceived(let kind): comparison.received(message, isBinary: kind == .binary, at: moment)
        case .closeReceived(let code, let reason):
            comparison.ended(code: code?.rawValue, reason: reason, isCut: false, byClient: hasClosed)
            finish(isCut: false)
        case .failed: finish(isCut: true)
        case .needsMore, .fragmentReceived, .pingReceived, .pongReceived: break
        }
    }

    private func finish(isCut: Bool) {
        guard !isOver else { return }
        isOver = true
        if isCut { comparison.ended(code: nil, reason: "", isCut: true, byClient: hasClosed) }
        shim_close(socket)
    }
}
