import Time

/// How the attempts of one logical invocation are known to belong together.
package enum StorySource: Equatable, Sendable {
    case header(String)
    case path(String)
}

/// Puts the attempts of one logical invocation together.
///
/// Rules:
/// - The SDK's invocation id says it, or a key that the user named; that is certain.
/// - Else a call continues a story when session and payload are the same, the last attempt had failed and ended before,
///   and not longer ago than `window`. That is a guess, and where it could have been another story it is doubtful.
/// - A story ends with the first answer, or when its window has passed.
///
/// Kept are stories that may go on; of what has ended, nothing.
struct Invocations {
    enum Grouping: String, Sendable { case sdk, named, guessed }

    struct Story: Sendable {
        fileprivate(set) var grouping: Grouping
        fileprivate(set) var firstCall: Int
        fileprivate(set) var lastCall: Int
        /// Of the attempt that arrived last, from 1; the SDK's own number where it says one.
        fileprivate(set) var attempt = 1
        fileprivate(set) var arrivals = 1
        fileprivate(set) var inFlight = 1
        /// Another story might have been meant.
        fileprivate(set) var isDoubtful = false
        fileprivate(set) var lastEnd: End?
        /// Seconds from the end before to the last arrival: what decorrelated jitter builds on.
        fileprivate(set) var lastGap: Double?
        fileprivate let key: Key
        /// Which one it was, of all: places are used again.
        fileprivate let ordinal: Int
        /// The next younger one of the same key.
        fileprivate var younger: Int?
    }

    /// How an attempt ended, as far as the next one depends on it.
    struct End: Sendable {
        var call: Int
        var at: Instant
        var isAnswered: Bool
        var isThrottled: Bool
        var refusal: ObservedCall.Refusal?
        var hints: ObservedCall.Hints
        var outcome: ObservedCall.Outcome?
    }

    /// What an arrival means.
    struct Arrival {
        var story: Story
        /// The attempt before, when it had ended and this one follows it.
        var after: End?
        /// Seconds since then.
        var gap: Double?
        var gapBefore: Double?
        /// This one begins anew only because that one had as many attempts as there may be: a guess may have cut it there.
        var full: Story?
        var isNew: Bool { story.arrivals == 1 }
    }

    /// What the calls of a story have in common, as fingerprints: a million texts need not be kept and compared.
    struct Key: Hashable, Sendable {
        private let first: UInt64
        private let second: UInt64

        static func said(_ text: String) -> Key { Key(first: ByteHash(text).value, second: 1) }

        static func guessed(session: String?, payload: UInt64) -> Key {
            Key(first: session.map { ByteHash($0).value } ?? 0, second: payload)
        }

        func hash(into hasher: inout Hasher) { hasher.combine(first ^ second &* 0x9E37_79B9_7F4A_7C15) }
    }

    /// Seconds after which nothing continues a story.
    static let window = 300.0
    /// Of stories that go on after an answer every call leaves one: so many are remembered, however fast calls come.
    static let mostRemembered = 100_000

    let source: StorySource?
    /// Stories go on after an answer, for whoever asks about repetitions of what was done.
    let outlivesAnswers: Bool
    /// A guessed story has no more attempts than a client is said to make: the next call is another invocation.
    let mostGuessed: Int
    private var stories: [Story?] = []
    /// Places in `stories` that are empty.
    private var free: [Int] = []
    /// Of the stories of a key the oldest and the youngest.
    private var byKey: [Key: (oldest: Int, youngest: Int)] = [:]
    /// Call number → place of its story, of calls in flight.
    private var running: [Int: Int] = [:]
    private var begun = 0
    /// Stories in the order in which their window may pass.
    private var waiting: [(place: Int, ordinal: Int, since: Instant)] = []
    private var firstWaiting = 0
    private var counted = (sdk: 0, named: 0, guessed: 0)
    private(set) var doubtful = 0
    /// Seconds that every story was remembered for.
    private(set) var memory = Invocations.window

    init(source: StorySource?, outlivesAnswers: Bool = false, mostGuessed: Int = .max) {
        self.source = source
        self.mostGuessed = mostGuessed
        self.outlivesAnswers = outlivesAnswers
    }

    mutating func arrived(_ call: borrowing ObservedCall) -> Arrival {
        let (key, grouping) = key(of: call)
        guard let chain = byKey[key] else { return begin(call, key, grouping) }
        var place: Int? = chain.oldest
        while let candidate = place, !canContinue(candidate, at: call.arrived.clock) {
            place = stories[candidate]?.younger
        }
        let full = grouping == .guessed && place == nil ? full(chain.oldest, chain.youngest) : nil
        if place == nil || grouping == .guessed && chain.oldest != chain.youngest { doubt(from: chain.oldest) }
        guard let chosen = place else {
            var arrival = begin(call, key, grouping, isShared: true)
            arrival.full = full
            return arrival
        }
        return continueStory(chosen, with: call)
    }

    /// The story of the call, when it has come to its end with it.
    mutating func ended(_ call: borrowing ObservedCall) -> (story: Story, isOver: Bool)? {
        guard let place = running.removeValue(forKey: call.number), var story = stories[place],
            let ended = call.ended
        else { return nil }
        story.inFlight -= 1
        story.lastEnd = End(
            call: call.number, at: ended.clock, isAnswered: call.isAnswered, isThrottled: call.isThrottled,
            refusal: call.refusal, hints: call.hints, outcome: call.outcome)
        let isOver = call.isAnswered && !outlivesAnswers && story.inFlight == 0
        if isOver {
            forget(place, story)
        } else {
            stories[place] = story
            waiting.append((place, story.ordinal, ended.clock))
        }
        return (story, isOver)
    }

    /// Stories that nothing can continue any more.
    mutating func expire(at now: Instant) -> [Story] {
        var over: [Story] = []
        while firstWaiting < waiting.count, isOver(now.seconds(after: waiting[firstWaiting].since)) {
            let (place, ordinal, since) = waiting[firstWaiting]
            firstWaiting += 1
            guard let story = stories[place], story.ordinal == ordinal, story.inFlight == 0, story.lastEnd?.at == since
            else { continue }
            forget(place, story)
            over.append(story)
        }
        if firstWaiting > 1_024, firstWaiting > waiting.count / 2 {
            waiting.removeFirst(firstWaiting)
            firstWaiting = 0
        }
        return over
    }

    /// Whether the story that has waited longest, for so many seconds, waits no more.
    private mutating func isOver(_ seconds: Double) -> Bool {
        if seconds > Self.window { return true }
        guard outlivesAnswers, waiting.count - firstWaiting > Self.mostRemembered else { return false }
        memory = min(memory, seconds)
        return true
    }

    /// Of each kind that there was, how many stories.
    var counts: [Grouping: Int] {
        [.sdk: counted.sdk, .named: counted.named, .guessed: counted.guessed].filter { $0.value > 0 }
    }

    /// Those that may go on.
    var open: [Story] { stories.compactMap(\.self).sorted { $0.ordinal < $1.ordinal } }

    private func key(of call: borrowing ObservedCall) -> (Key, Grouping) {
        // Who asks what was done twice asks about what was wanted, however often a client was told to want it.
        let isWanted = outlivesAnswers && call.namesSession && call.session != nil
        if let id = call.invocation?.id, !isWanted { return (.said(id), .sdk) }
        switch source {
        case .header(let name): if let value = call.headers[name] { return (.said(value), .named) }
        case .path(let path): if let value = call.values[path] { return (.said(value), .named) }
        case nil: break
        }
        return (.guessed(session: call.namesSession ? call.session : nil, payload: call.payload), .guessed)
    }

    private func canContinue(_ place: Int, at now: Instant) -> Bool {
        guard let story = stories[place] else { return false }
        if story.grouping != .guessed { return true }
        guard story.inFlight == 0, story.arrivals < mostGuessed, let end = story.lastEnd,
            outlivesAnswers || !end.isAnswered
        else { return false }
        return now.seconds(after: end.at) <= Self.window
    }

    /// The only story of its key, where it failed as often as it may and no doubt is about what belongs to it.
    private func full(_ oldest: Int, _ youngest: Int) -> Story? {
        guard oldest == youngest, let story = stories[oldest], story.arrivals >= mostGuessed, story.inFlight == 0,
            !story.isDoubtful, story.lastEnd?.isAnswered == false
        else { return nil }
        return story
    }

    private mutating func begin(
        _ call: borrowing ObservedCall, _ key: Key, _ grouping: Grouping, isShared: Bool = false
    ) -> Arrival {
        var story = Story(
            grouping: grouping, firstCall: call.number, lastCall: call.number, isDoubtful: isShared, key: key,
            ordinal: begun)
        begun += 1
        if isShared { doubtful += 1 }
        if let attempt = call.invocation?.attempt { story.attempt = max(1, attempt) }
        let place = free.popLast() ?? stories.count
        if place == stories.count { stories.append(story) } else { stories[place] = story }
        let youngest = byKey.updateValue((byKey[key]?.oldest ?? place, place), forKey: key)?.youngest
        if let youngest { stories[youngest]?.younger = place }
        running[call.number] = place
        switch grouping {
        case .sdk: counted.sdk += 1
        case .named: counted.named += 1
        case .guessed: counted.guessed += 1
        }
        return Arrival(story: story)
    }

    private mutating func continueStory(_ place: Int, with call: borrowing ObservedCall) -> Arrival {
        guard var story = stories[place] else { return begin(call, key(of: call).0, .guessed) }
        let gapBefore = story.lastGap
        let isNext = story.inFlight == 0
        let attempt = call.invocation?.attempt ?? story.attempt + 1
        let follows = isNext && attempt == story.attempt + 1
        let gap = story.lastEnd.map { call.arrived.clock.seconds(after: $0.at) }
        story.lastCall = call.number
        story.attempt = max(attempt, story.attempt)
        story.arrivals += 1
        story.inFlight += 1
        story.lastGap = follows ? gap : nil
        stories[place] = story
        running[call.number] = place
        return Arrival(
            story: story, after: isNext ? story.lastEnd : nil, gap: follows ? gap : nil, gapBefore: gapBefore)
    }

    /// It and all that are younger.
    private mutating func doubt(from oldest: Int) {
        var place: Int? = oldest
        while let number = place {
            if stories[number]?.isDoubtful == false {
                stories[number]?.isDoubtful = true
                doubtful += 1
            }
            place = stories[number]?.younger
        }
    }

    private mutating func forget(_ place: Int, _ story: Story) {
        stories[place] = nil
        free.append(place)
        guard let found = byKey.index(forKey: story.key) else { return }
        let chain = byKey[found].value
        guard chain.oldest != chain.youngest else {
            byKey.remove(at: found)
            return
        }
        var older: Int?
        var next: Int? = chain.oldest
        while let number = next, number != place {
            older = number
            next = stories[number]?.younger
        }
        if let older { stories[older]?.younger = story.younger }
        if place == chain.oldest, let younger = story.younger { byKey.values[found].oldest = younger }
        if place == chain.youngest, let older { byKey.values[found].youngest = older }
    }
}
