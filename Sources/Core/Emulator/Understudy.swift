import Access
import Delivery
import Forwarding
import HTTPWire
import Library
import Neighbours
import Recording
import Runtime
import Time

/// The whole call. One instance belongs to one event loop; nothing in it waits, reads a clock or touches a socket.
package final class Understudy {
    package struct Settings: Sendable {
        package var seed: UInt64
        package var checksAccess = true
        package var echoesSignatures = true
        /// How many times faster than written what is waited for passes.
        package var speed = 1.0
        /// How recorded calls are matched and paced.
        package var replay = ReplayOptions()
        package var forward = ForwardSettings()

        package init(seed: UInt64) { self.seed = seed }
    }

    /// What the server does with a call.
    package enum Answer: ~Copyable {
        /// Write the entry, then do the steps.
        case deliver(AnsweredCall)
        /// Write the entry; the call's conversation says what leaves, the answer that opens it first.
        case converse(AnsweredCall)
        /// Ask it with what is in the journal, then deliver.
        case read(ReadingCall)
        /// The verdict needs this document first: fetch it, tell `learn`, and ask again with the same request.
        case fetch(url: String, for: Request)
        /// Write the entry, ask the other side, and take its answer to the caller as it comes.
        case forward(ForwardedCall)
        /// Write the entry, and read what was recorded while it leaves.
        case replay(LongReplayedCall)
    }

    /// What the control calls show and change.
    package let state: WorkingState
    private let settings: Settings
    /// Whether there is another side for every agent.
    private let hasDestination: Bool

    package init(scenario: Scenario, settings: Settings, now: Instant) throws(ScenarioRefusal) {
        self.settings = settings
        hasDestination = settings.forward.destination != nil
        state = try WorkingState(scenario: scenario, settings: settings, now: now)
    }

    /// A request arrived at `arrived`; it is `now`. They differ only when the call waited for documents: so many.
    package func receive(
        _ request: consuming Request, arrived: Instant, now: Instant, inFlight: Int, documents: Int
    ) -> Answer {
        let place = SpaceStage.find(request, &state.spaces, now)
        let call = OpenCall(
            number: state.calls + 1, request: request, path: place.path, space: place.space, arrived: arrived,
            now: now, inFlight: inFlight, seed: settings.seed)
        call.documents = documents
        let exit = if let mistake = place.mistake { call.refusal(.validation, mistake) } else { pass(call) }
        if call.session?.calls == 1 { state.spaces.sessionBegan() }
        switch consume exit {
        case .needs(let url): return .fetch(url: url, for: call.request)
        case .struck(let steps):
            state.calls += 1
            return .deliver(SettleStage.settle(call, ScriptedSource(steps)))
        case .answered(let response):
            state.calls += 1
            if case .conversation(let speaker) = response.content {
                return SettleStage.open(call, response, speaker, seed: settings.seed)
            }
            if case .replayed(let answer) = response.content, let long = answer.long {
                return .replay(LongReplayedCall(call, long, answer, response.fields))
            }
            return .deliver(SettleStage.settle(call, response, seed: settings.seed))
        case .inJournal(let look):
            state.calls += 1
            return .read(ReadingCall(call, seed: settings.seed, look))
        case .forwarded(let request):
            state.calls += 1
            return .forward(ForwardedCall(call, request))
        }
    }

    /// The line: each stage lets the call go on, or is where it leaves.
    private func pass(_ call: OpenCall) -> LineExit {
        if let exit = PreflightStage.answer(call) { return exit }
        if !call.request.stands("/runtimes/", at: call.path.lowerBound) {
            if let exit = NeighbourStage.answer(call, state.library, &state.gate, settings) { return exit }
            if let exit = IssuerStage.answer(call, state.library) { return exit }
        }
        switch OperationStage.find(call, &state.agents) {
        case .nowhere(let exit): return exit
        case .found(let operation): return pass(call, to: operation)
        case .unknown(let exit):
            guard !IssuerStage.keeps(call),
                let operation = ForwardStage.operation(for: call, &state.agents, settings.forward)
            else { return exit }
            OperationStage.noteSession(call)
            return pass(call, to: operation)
        }
    }

    private func pass(_ call: OpenCall, to operation: Operation) -> LineExit {
        if hasDestination || call.agent?.isForwarded == true {
            call.destination = settings.forward.destination(of: call.agent)
            call.signing = ForwardSigning(identity: state.identity, region: settings.forward.region)
            if let exit = IdentityStage.ask(call, state.identity) { return exit }
        }
        if let exit = FaultsFirstStage.strike(call, &state.gate, settings) { return exit }
        if let exit = AccessStage.admit(call, to: operation, &state.gate, settings) { return exit }
        if let exit = EndpointStage.check(call, for: operation) { return exit }
        if let exit = RateStage.limit(call) { return exit }
        if !call.faults.isEmpty, let exit = FaultRefusalStage.refuse(call, resource(of:)) { return exit }
        if let exit = SessionStage.name(call, for: operation) { return exit }
        if let exit = operation.refuses(call) { return exit }
        if let exit = CountingStage.count(call, for: operation) { return exit }
        return operation.perform(call, state.library, resource(of:))
    }

    private func resource(of call: OpenCall) -> ProtectedResource? { call.protectedResource(state.gate) }

    /// Bytes arrived that are no request, or one that HTTP forbids: answered, and in the journal like any other call.
    /// `head` is what could be read of it.
    package func receiveRefused(
        status: Int, message: String, head: Request, arrived: Instant, inFlight: Int
    ) -> Answer {
        state.calls += 1
        let call = OpenCall(
            number: state.calls, request: head, path: head.path, space: state.spaces.usual, arrived: arrived,
            now: arrived, inFlight: inFlight, seed: settings.seed)
        // The service's names for what never reached it (wire reference 2.3, "other common ones").
        let errorType =
            switch status {
            case 400: "MalformedHttpRequestException"
            case 413: "RequestEntityTooLargeException"
            default: nil as String?
            }
        let response = ServiceResponse(ErrorAnswer(status: status, errorType: errorType, message: message))
        return .deliver(SettleStage.settle(call, response, seed: settings.seed))
    }

    /// Something came to the port of X-Ray's daemon: a call like any other, of the usual space.
    package func receive(datagram: [UInt8], arrived: Instant, inFlight: Int) -> AnsweredCall {
        state.calls += 1
        let request = DaemonDatagram.request(datagram)
        let path = request.path
        let call = OpenCall(
            number: state.calls, request: request, path: path, space: state.spaces.usual, arrived: arrived,
            now: arrived, inFlight: inFlight, seed: settings.seed)
        let response = NeighbourStage.answer(datagram: datagram, call, state.library)
        return SettleStage.settle(call, response, seed: settings.seed)
    }

    /// What came of looking for real credentials.
    package func learn(_ identity: Identity.Knowledge) { state.learn(identity) }

    /// What came of fetching `url`: its content, or why there is none.
    package func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant) {
        state.gate.learn(url: url, content: content, now: now)
    }
}
