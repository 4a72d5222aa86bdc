import Bytes
import HTTPWire
import Support
import Testing

/// A conversation with an exchange, as text: `>>` what happened, `<<` what the machine wants done. Times are seconds.
/// Bytes that the machine does not take yet wait, as they would in the socket.
struct ServerTranscript {
    private var exchange = ServerExchange()
    private var held: [UInt8] = []
    private var arrived: [UInt8] = []
    private let rules: ServerExchange.Rules
    private(set) var lines: [String] = []
    private var now: Int64 = 0

    /// Plays the events of `script`: its lines that begin with `>>`. `pieces` says how received bytes are cut.
    init(
        _ script: String, limits: Limits = Limits(), timeouts: ServerExchange.Timeouts = .init(),
        pieces: (Int) -> [Range<Int>] = { [0..<$0] }
    ) {
        rules = ServerExchange.Rules(
            request: RequestParser.Rules(limits: limits, known: RequestEvents.known), timeouts: timeouts)
        for line in script.split(separator: "\n") where line.hasPrefix(">> ") {
            lines.append(String(line))
            let words = line.dropFirst(3).split(separator: " ", maxSplits: 2).map(String.init)
            now = Int64(Double(words[0])! * 1e9)
            if words[1] == "received" {
                let bytes = WireFixtures.bytes(words[2])
                for piece in pieces(bytes.count) { receive(Array(bytes[piece])) }
            } else {
                let action = happened(words[1], words.count > 2 ? words[2] : "")
                note(action)
                receive([])
            }
        }
    }

    private mutating func receive(_ bytes: [UInt8]) {
        let bytes = arrived + bytes
        var next = 0
        while next < bytes.count, exchange.takesInput {
            let action = exchange.received(bytes.span, from: &next, held: &held, at: now, rules)
            note(action)
        }
        arrived = Array(bytes[next...])
    }

    private mutating func happened(_ event: String, _ detail: String) -> ServerExchange.Action {
        switch (event, detail) {
        case ("opened", _): exchange.opened(at: now, rules)
        case ("ended", "input"): exchange.inputEnded(held: &held)
        case ("ended", "client"): exchange.clientEnded()
        case ("looked", _): exchange.clientWasLookedFor(isThere: detail == "there")
        case ("broke", _): exchange.broke()
        case ("failed", _): exchange.failed()
        case ("passed", "deadline"): exchange.deadlinePassed(at: now, rules)
        case ("answer", "deferred"): exchange.answerDeferred()
        case ("answer", "began"): exchange.answerBegan()
        case ("answer", "hangs"): exchange.answerHangs(at: now, rules)
        case ("answer", "blocked"): exchange.answerBlocked(at: now, rules)
        case ("answer", "moved"): exchange.answerMoved(at: now, rules)
        case ("answer", "flowed"): exchange.answerFlowed()
        case ("answer", "stirred"): exchange.answerStirred()
        case ("answer", "kept alive"): end(.keepsAlive)
        case ("answer", "closed"): end(.closes(isOver: true))
        case ("answer", "broke off"): end(.closes(isOver: false))
        case ("answer", "reset"): end(.resets)
        case ("waits", _): exchange.answerWaits(until: Int64(Double(detail)! * 1e9), at: now, rules)
        default: preconditionFailure("no event: \(event) \(detail)")
        }
    }

    private mutating func end(_ ending: ServerExchange.Ending) -> ServerExchange.Action {
        exchange.answerEnded(ending, isQuiet: arrived.isEmpty, at: now, rules)
    }

    private mutating func note(_ action: ServerExchange.Action) {
        let text =
            switch action {
            case .goOn: "go on"
            case .wait(let until): "wait until \(Self.seconds(until))"
            case .sendContinue(let until): "send 100, wait until \(Self.seconds(until))"
            case .answer(let request):
                "answer \(request.methodText) \(request.targetText) \(String(lossy: request.body))"
            case .refuse(let refusal, let head): "refuse \(refusal.status) \(head?.targetText ?? "unread")"
            case .proceed: "proceed"
            case .lookForClient: "look for the client"
            case .finish(let until): "finish, read until \(Self.seconds(until))"
            case .close: "close"
            case .reset: "reset"
            }
        lines.append("<< \(text)")
        // What was not read by then is forgotten, and nobody looks at what comes after it.
        if case .finish = action { arrived = [] }
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        nanoseconds == .max ? "for good" : "\(Double(nanoseconds) / 1e9)"
    }

    /// Without the lines that depend on how the bytes were cut: how long to wait, and for what.
    var essence: [String] { lines.filter { !$0.hasPrefix("<< wait") && $0 != "<< go on" } }

    /// The transcript comes out as written, and the same but for its waits however the bytes are cut.
    static func holds(
        _ script: String, limits: Limits = Limits(), cuts: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let expected = script.split(separator: "\n").map(String.init)
        #expect(ServerTranscript(script, limits: limits).lines == expected, sourceLocation: sourceLocation)
        guard cuts else { return }
        let essence = ServerTranscript(script, limits: limits).essence
        #expect(
            ServerTranscript(script, limits: limits) { (0..<$0).map { $0..<$0 + 1 } }.essence == essence,
            sourceLocation: sourceLocation)
        for place in 1..<120 {
            let cut = ServerTranscript(script, limits: limits) { count in
                place < count ? [0..<place, place..<count] : [0..<count]
            }
            #expect(cut.essence == essence, "in two at \(place)", sourceLocation: sourceLocation)
        }
    }
}
