import Delivery
import Emulator
import EventLoop
import HTTPWire
import Journal
import SSEWire
import Time

// Rules.  Whatever comes from the other side passes `take` and `failed`, once, in order, with the moment it came at: what
//         wants to know what another side really said listens there. What leaves passes `next`, bent by faults.
// Theory. The client pulls. What came and was not taken is one piece at most: then the other side's socket is not read,
//         and it is held back by its own.

/// The answer of another side on its way to the caller.
final class ForwardedAnswer: FlowingAnswer, Watcher, AnswerTaker {
    private let forwarded: ForwardedCall
    private var asking: Asking?
    private var ping: AgentPing?
    private var isHealthy = false
    private var id = WatchID.none
    /// Splits an event stream where its frames end.
    private var frameEnds: FrameEnds?
    private var kind = Kind.unknown
    private let tap: CallTap?
    private var waitsForRecording = false

    private enum Kind { case unknown, whole, stream, replaced, held }
    /// An answer that is held back until it is known whole.
    private var held: (head: ResponseHead, content: [UInt8])?
    private static let mostHeld = 1_048_576

    init(_ forwarded: ForwardedCall, for connection: Connection, arrived: Int64) {
        self.forwarded = forwarded
        tap = forwarded.isRecorded ? connection.service.recordings?.tap(forwarded) : nil
        super.init(forwarded, for: connection, arrived: arrived)
    }

    /// Asks the other side; an agent is asked whether it is up first, where that is not known.
    override func begin() {
        guard forwarded.asksForHealth, !isHealthy else { return ask() }
        let ping = AgentPing { [unowned self] in pinged($0) }
        self.ping = ping
        ping.begin(forwarded.request.destination, with: service.client, patience: initializationLeft)
    }

    private var initializationLeft: Int64 {
        arrived &+ forwarded.initialization.nanoseconds &- service.loop.now
    }

    private func pinged(_ outcome: AgentPing.Outcome) {
        ping = nil
        switch outcome {
        case .healthy:
            isHealthy = true
            ask()
        case .absent(let failure): failed(failure)
        case .unhealthy(let reason): failed(.init(.unhealthy, reason))
        }
    }

    private func ask() {
        let asked = forwarded.request
        var request = AskedRequest(
            url: asked.destination.url, method: asked.method, target: asked.target, fields: asked.fields,
            length: asked.length, body: asked.body, isHead: asked.isHead)
        request.host = asked.host
        request.aside = asked.aside
        request.switches = forwarded.opensConversation
        request.patience.answer = min(service.settings.upstreamTimeout, forwarded.patience ?? .max)
        request.patience.send = request.patience.answer
        request.patience.handshake =
            asked.destination.kind == .agent ? max(1, initializationLeft) : request.patience.answer
        asking = service.client.ask(request, for: self)
    }

    // MARK: What the other side says

    func connected() { forwarded.note { $0.upstream?.noteConnected(at: elapsed) } }

    func take(_ part: ClientExchange.Part) -> Bool {
        let elapsed = elapsed
        let due = forwarded.stamp(elapsed)
        var steps: [Step] = []
        steps.reserveCapacity(4)
        if let head = part.head { take(head, at: elapsed, due: due, &steps) }
        if !part.content.isEmpty { take(part.content, isFirst: part.head != nil, due: due, &steps) }
        if part.ending != nil {
            holdIfRecorded()
            forwarded.note {
                $0.upstream?.ended = elapsed
                if part.isExceeded { $0.upstream?.error = Self.exceeded }
            }
            asking = nil
            if let held { steps += forwarded.released(held.head, held.content) }
            if kind == .whole || kind == .stream { steps.append(.end) }
        }
        if !steps.isEmpty { arrive(steps, at: elapsed) }
        // The end touches it too.
        if part.ending == nil { forwarded.touch(at: service.instant(at: arrived &+ elapsed)) }
        stir()
        return arrivals.isEmpty && !isHeldBack()
    }

    private static let exceeded = "more came than the answer's own length, and nobody had asked for it"

    private func take(_ head: Response, at elapsed: Int64, due: Int64, _ steps: inout [Step]) {
        forwarded.note { $0.upstream?.firstByte = elapsed }
        steps.append(.wait(until: due))
        switch forwarded.received(head) {
        case .replaced(let others):
            kind = .replaced
            holdIfRecorded()
            steps += others
        case .held(let head):
            kind = .held
            held = (head, [])
        case .passes(let head, let isEventStream):
            kind = head.length == .unknown ? .stream : .whole
            if isEventStream { frameEnds = FrameEnds() }
            steps.append(.head(head))
        }
    }

    private func take(_ content: [UInt8], isFirst: Bool, due: Int64, _ steps: inout [Step]) {
        switch kind {
        case .unknown, .replaced: break
        case .held:
            held?.content += content
            // Nothing of what cannot be looked through goes on.
            if held?.content.count ?? 0 > Self.mostHeld { held?.content = [] }
        case .whole:
            if !isFirst { steps.append(.wait(until: due)) }
            steps.append(.body(content))
        case .stream:
            let pieces = frameEnds?.split(content).map(Array.init) ?? [content]
            let frames = pieces.map { FrameScript.Frame(bytes: $0, offset: 0, gap: 0) }
            steps.append(.frames(FrameRun(script: FrameScript(frames: frames), start: due, seed: 0)))
        }
    }

    /// Both sides speak from here on, and this answer is over.
    func switched(_ head: Response, _ transport: consuming Transport, early: [UInt8]) {
        asking = nil
        let far = FarEnd()
        forwarded.note { $0.upstream?.firstByte = elapsed }
        switch forwarded.opened(head, far) {
        case .failure(let failure):
            var transport = transport
            transport.close()
            failed(failure)
        case .success(let conversation):
            let (forwarded, service, arrived) = (forwarded, service, arrived)
            tap?.open(at: elapsed)
            let connection = try? FarConnection(
                service.loop, transport, early: early, conversation, far, tap: tap, arrived: arrived
            ) {
                forwarded.note { $0.upstream?.noteEnded(at: service.loop.now &- arrived) }
                self.tellJournal()
            }
            guard let connection else { return failed(.init(.unreachable, "the system has no room for it")) }
            tellJournal()
            connection.begin(with: converse(conversation))
        }
    }

    func failed(_ failure: ClientExchange.Failure) {
        asking = nil
        if kind == .unknown, waitsForAgent(after: failure) { return }
        forwarded.note { $0.upstream?.error = failure.reason }
        let elapsed = elapsed
        holdIfRecorded()
        arrive([.wait(until: forwarded.stamp(elapsed))], at: elapsed)
        if kind == .unknown {
            arrive(forwarded.failed(failure), at: elapsed)
        } else if kind != .replaced {
            // The client sees the same end.
            arrive([failure.kind == .reset ? .reset : .close], at: elapsed)
        }
        stir()
    }

    /// An agent that does not come up is asked again until its time to begin is over.
    private func waitsForAgent(after failure: ClientExchange.Failure) -> Bool {
        let mayPass = [.unreachable, .unsecured, .unhealthy].contains(failure.kind)
        guard mayPass, forwarded.request.destination.kind == .agent else { return false }
        let now = service.loop.now
        guard now < arrived &+ forwarded.initialization.nanoseconds else { return false }
        if id == .none, let id = try? service.loop.add(self) { self.id = id }
        service.loop.setDeadline(now &+ Self.agentPause, for: id)
        return id != .none
    }

    private static let agentPause: Int64 = 100_000_000

    func deadlinePassed() { begin() }

    /// What comes next is the last, and does not leave before it is recorded.
    private func holdIfRecorded() { if let tap, !tap.isOver { arrivals.hold() } }

    /// A recording that is behind holds the other side back, not this server.
    private func isHeldBack() -> Bool {
        guard let tap, !tap.isOver, tap.isBehind else { return false }
        guard !waitsForRecording else { return true }
        waitsForRecording = true
        service.recordings?.whenCaughtUp { [self] in
            waitsForRecording = false
            if arrivals.isEmpty, !isHeldBack() { asking?.goOn() }
        }
        return true
    }

    /// What came together is recorded with one moment: then it is one piece.
    private func arrive(_ steps: [Step], at elapsed: Int64) {
        arrivals.append(steps)
        guard let tap, !tap.isOver else { return }
        tap.take(steps, at: elapsed)
        guard tap.isOver else { return }
        service.recordings?.whenCommitted(tap) { [self] in
            arrivals.release()
            stir()
        }
    }

    // MARK: What leaves

    override func wasTaken() { if !isHeldBack() { asking?.goOn() } }

    override func release(_ report: Report) {
        if id != .none { service.loop.remove(id) }
        ping?.cancel()
        asking?.cancel()
        asking = nil
        if !isHandedOver { tap?.end(.clientClosed, at: report.ended / 1_000) }
        forwarded.note { $0.upstream?.noteEnded(at: report.ended) }
    }
}
