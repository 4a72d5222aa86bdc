import Access
import Conversations
import ControlAPI
import Emulator
import EventLoop
import Forwarding
import HTTPWire
import Library
import Pointing
import Runtime
import Time

/// What all connections of one loop share.
final class ServingLoop {
    let loop: Loop
    let settings: ServingSettings
    let answering: any Answering
    let keeper: JournalKeeper
    let client: HTTPClient
    let recordings: Recordings?
    let frameReader: FrameReader
    let fetcher: KeyFetcher
    let identities: IdentityFinder
    let control: ControlTable
    private let state: WorkingState
    /// What the scenario was at the start.
    private var library: Scenario
    let started: Int64
    let rules: ServerExchange.Rules
    /// The same, for connections that are secured.
    let securedRules: ServerExchange.Rules
    let securities: Securities
    let memory: MemoryReturn
    /// Set once the ports are known.
    var proxyPolicy: ProxyPolicy
    /// Where answers are assembled; taken and given back, so that it keeps its memory.
    private var output: [UInt8] = []
    private var pieceTurn = 0
    private var pieces = 0
    /// The value of `Server`.
    let product: [UInt8]
    private var dateSecond = Int64.min
    private var dateText: [UInt8] = []
    /// Conversations that are open.
    var conversationCount = 0
    let conversationRules: ConversationRules
    /// Calls that are being answered.
    var inFlight = 0
    /// No new calls: the server is going.
    var isStopping = false

    init(
        loop: Loop, settings: ServingSettings, answering: any Answering, state: WorkingState, keeper: JournalKeeper,
        recordings: Recordings?
    ) {
        securities = Securities(settings, loop: loop)
        memory = MemoryReturn(loop: loop)
        proxyPolicy = ProxyPolicy(passesOthers: settings.passesOthers, ownPorts: [])
        securedRules = ServerExchange.Rules(
            request: RequestParser.Rules(limits: settings.limits, known: .understudy, scheme: .https),
            timeouts: settings.timeouts)
        self.loop = loop
        self.settings = settings
        self.answering = answering
        self.keeper = keeper
        self.recordings = recordings
        frameReader = FrameReader(mailbox: loop.mailbox)
        client = HTTPClient(loop: loop, proxies: settings.proxies, authorities: settings.upstreamAuthorities)
        fetcher = KeyFetcher(client: client, timeout: settings.fetchTimeout) { url, content in
            answering.learn(url: url, content: content, now: Instant(nanoseconds: loop.wall(at: loop.now)))
        }
        identities = IdentityFinder(client: client, settings: settings.identity, learn: answering.learn)
        control = ControlTable(ControlGuard(token: settings.controlToken))
        self.state = state
        library = state.library.scenario
        started = loop.now
        product = Array("understudy/\(settings.version)".utf8)
        rules = ServerExchange.Rules(
            request: RequestParser.Rules(limits: settings.limits, known: .understudy), timeouts: settings.timeouts)
        conversationRules = ConversationRules(timeouts: settings.conversations, server: product) {
            Array(Instant(nanoseconds: loop.wall(at: $0)).httpDate.utf8)
        }
    }

    /// What control calls show and change, at this moment.
    func controlWorld(at monotonic: Int64) -> ControlWorld {
        ControlWorld(
            state: state, journal: keeper, library: library,
            server: ControlWorld.Server(
                version: settings.version, uptime: monotonic &- started, inFlight: inFlight),
            recordings: recordings)
    }

    /// Whether the content of this request is only passed on. One in chunks may turn out to be too long.
    func onlyPassesOn(_ head: Request) -> Bool {
        state.onlyPassesOn && recordings?.isIdle != false && head.value(of: "content-length" as StaticString) != nil
            && !ControlRequest.isMeant(by: head)
    }

    /// Another library, from the next call on: nil, or why it is refused.
    func adopt(_ scenario: Scenario) -> String? {
        do throws(ScenarioRefusal) {
            try state.replace(scenario, now: instant(at: loop.now))
        } catch {
            return error.description
        }
        library = scenario
        return nil
    }

    func instant(at monotonic: Int64) -> Instant { Instant(nanoseconds: loop.wall(at: monotonic)) }

    /// The value of `Date`, written anew once a second.
    func date(at monotonic: Int64) -> [UInt8] {
        let now = instant(at: monotonic)
        if now.seconds != dateSecond {
            dateSecond = now.seconds
            dateText = Array(now.httpDate.utf8)
        }
        return dateText
    }

    /// "Stops any ongoing streaming responses": what is being answered in the session ends where it is.
    func endAnswers(ofSession session: Int) {
        // The call that stops it is one of them.
        guard inFlight > 1 else { return }
        let epoch = Int32(truncatingIfNeeded: keeper.epoch)
        for watcher in loop.watchers {
            if let conversation = watcher as? ConversationConnection {
                if conversation.session == session, conversation.epoch == epoch { conversation.endWithSession() }
                continue
            }
            guard let connection = watcher as? Connection, let delivery = connection.delivery,
                delivery.session == session, delivery.epoch == epoch
            else { continue }
            connection.endWithSession()
        }
    }

    // MARK: Conversations

    private var conversations: [ConversationConnection] {
        conversationCount == 0 ? [] : loop.watchers.compactMap { $0 as? ConversationConnection }
    }

    /// Whoever asks now sees what was said so far.
    func prepareForControl() { for conversation in conversations { conversation.tellMessages() } }

    /// A clock may have been moved, and with it the end of a conversation.
    func stirConversations() { for conversation in conversations { conversation.stir() } }

    /// Long control answers are made piece by piece, and so many pieces in a turn of the loop, however many are asked for.
    func mayMakePiece() -> Bool {
        if loop.turns != pieceTurn { (pieceTurn, pieces) = (loop.turns, 0) }
        pieces += 1
        return pieces <= Self.mostPieces
    }

    static let mostPieces = 16

    func takeOutput() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &output)
        return taken
    }

    func giveBack(_ buffer: consuming [UInt8]) {
        guard buffer.capacity <= 262_144 else { return }
        if !buffer.isEmpty { buffer.removeAll(keepingCapacity: true) }
        output = buffer
    }
}

/// Whoever decides what is answered. The server does as it is told and asks nobody else.
package protocol Answering: AnyObject {
    func receive(
        _ request: consuming Request, arrived: Instant, now: Instant, inFlight: Int, documents: Int
    ) -> Understudy.Answer
    func receiveRefused(
        status: Int, message: String, head: Request, arrived: Instant, inFlight: Int
    ) -> Understudy.Answer
    func receive(datagram: [UInt8], arrived: Instant, inFlight: Int) -> AnsweredCall
    func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant)
    func learn(_ identity: Identity.Knowledge)
}

extension Understudy: Answering {}
