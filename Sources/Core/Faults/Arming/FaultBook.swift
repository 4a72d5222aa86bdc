import JSON
import Fields
import Library
import Time

/// The faults armed in one space. Belongs to whoever owns the space's state: calls are decided one after another, and
/// the order in which they come gives them their numbers.
///
///     var strikes = book.decide(occasion) { sessions.isNew(key) }
package struct FaultBook: Sendable {
    package let seed: UInt64
    package let space: String
    /// What the library arms: what a reset goes back to.
    private let library: [Definition]
    private(set) var armed: [Armed] = []
    // Stored, as every call asks.
    package private(set) var isEmpty = true
    /// Whether a fault remembers sessions, or wants to know when they start.
    package private(set) var asksForSessions = false
    /// The agents met so far. An agent that no fault concerns has no lane but -1.
    private var lanes: [Lane] = []
    private var laneNumbers: [String: Int] = [:]
    private var recent = RecentLanes()
    /// Strikes by request headers so far.
    var oneCallStrikes = 0

    /// Callers choose the agents' names, so what is kept is bounded.
    static let mostAgents = 20_000

    /// Armed with the faults of a scenario, or with every reason why not.
    package init(_ entries: [FaultEntry], seed: UInt64, space: String, now: Instant) throws(FaultMistakes) {
        var definitions: [Definition] = []
        var mistakes: [FaultMistake] = []
        var names = Set(entries.compactMap(\.name))
        for (index, entry) in entries.enumerated() {
            let place = ["faults", String(index)]
            if let name = entry.name, entries[..<index].contains(where: { $0.name == name }) {
                mistakes.append(FaultMistake(place + ["name"], Self.isTaken(name)))
            }
            let name = entry.name ?? Self.freeName(entry.fault, names)
            names.insert(name)
            switch Definition.read(entry, name: name, at: place, armedAt: now) {
            case .success(let definition): definitions.append(definition)
            case .failure(let found): mistakes += found.list
            }
        }
        if !mistakes.isEmpty { throw FaultMistakes(list: mistakes) }
        self.init(library: definitions, seed: seed, space: space, now: now)
    }

    private init(library: [Definition], seed: UInt64, space: String, now: Instant) {
        self.library = library
        self.seed = seed
        self.space = space
        armed = library.map { Armed($0, seed: seed, space: space, at: now) }
        noteArmed()
    }

    private mutating func noteArmed() {
        isEmpty = armed.isEmpty
        asksForSessions = armed.contains { $0.definition.remembersSessions || $0.definition.fault.asksForSessions }
    }

    // MARK: Arming

    /// Arms one fault more, behind the others, and returns its name. An entry without a name gets its fault's word.
    @discardableResult
    package mutating func arm(_ entry: FaultEntry, now: Instant) throws(FaultMistakes) -> String {
        let names = Set(armed.map(\.definition.name))
        if let name = entry.name, names.contains(name) {
            throw FaultMistakes(list: [FaultMistake(["name"], Self.isTaken(name))])
        }
        let name = entry.name ?? Self.freeName(entry.fault, names)
        let definition = try Definition.read(entry, name: name, at: [], armedAt: now).get()
        armed.append(Armed(definition, seed: seed, space: space, at: now))
        noteArmed()
        for lane in lanes.indices where definition.concernsAgent(lanes[lane].agent, id: lanes[lane].agentID) {
            lanes[lane].places.append(Place(armed: armed.count - 1))
        }
        forgetUnconcerned()
        return name
    }

    /// False when no fault of this name is armed.
    package mutating func disarm(_ name: String) -> Bool {
        guard let index = armed.firstIndex(where: { $0.definition.name == name }) else { return false }
        armed.remove(at: index)
        noteArmed()
        for lane in lanes.indices {
            lanes[lane].places.removeAll { $0.armed == index }
            for place in lanes[lane].places.indices where lanes[lane].places[place].armed > index {
                lanes[lane].places[place].armed -= 1
            }
        }
        return true
    }

    package mutating func disarmAll() {
        armed = []
        noteArmed()
        forgetAgents()
    }

    /// Back to the library's faults, every count at its beginning.
    package mutating func reset(now: Instant) { self = fresh(space: space, now: now) }

    /// The library's faults for another space, which has met no call yet.
    package func fresh(space: String, now: Instant) -> FaultBook {
        FaultBook(library: library, seed: seed, space: space, now: now)
    }

    /// A session ended: its counts begin anew.
    package mutating func endSession(agent: String, session: String) {
        guard let lane = laneNumbers[agent], lane >= 0 else { return }
        for place in lanes[lane].places.indices { lanes[lane].places[place].sessions?[session] = nil }
    }

    /// Every fault in the order of arming, as it was armed, with how often it struck.
    package var listing: Value {
        .array(
            armed.map { armed in
                var members = armed.definition.entry.written.members ?? []
                members.append(Value.Member("struck", Value(armed.struck)))
                return .object(members)
            })
    }

    package func listing(of name: String) -> Value? { listing.array?.first { $0["name"]?.text == name } }

    private static func isTaken(_ name: String) -> String {
        "a fault called \(Excerpt.of(.string(name))) is armed already"
    }

    private static func freeName(_ word: String, _ taken: Set<String>) -> String {
        if !taken.contains(word) { return word }
        var number = 2
        while taken.contains("\(word) \(number)") { number += 1 }
        return "\(word) \(number)"
    }

    // MARK: Deciding

    /// What strikes this call. Counts the call, so it is asked once for each. `startsSession` is asked only when a fault
    /// wants to know whether the call's session is yet to be made.
    package mutating func decide(_ occasion: Occasion, startsSession: () -> Bool = { false }) -> Strikes {
        guard !armed.isEmpty else { return Strikes() }
        let lane = lane(of: occasion)
        guard lane >= 0 else { return Strikes() }
        var strikes: [Strike] = []
        for place in lanes[lane].places.indices {
            let index = lanes[lane].places[place].armed
            if let strike = armed[index].decide(occasion, &lanes[lane].places[place], startsSession: startsSession) {
                strikes.append(strike)
            }
        }
        return Strikes(strikes, coldStart: occasion.coldStart)
    }

    /// The agents met so far that faults concern, in the order of their first calls.
    var agentsMet: [(arn: String, id: String)] {
        lanes.filter { !$0.agent.isEmpty }.map { ($0.agent, $0.agentID) }
    }

    func memory(of index: Int, agent: String) -> Memory {
        guard let lane = laneNumbers[agent], lane >= 0 else { return Memory() }
        return lanes[lane].places.first { $0.armed == index }?.memory ?? Memory()
    }

    private mutating func lane(of occasion: Occasion) -> Int {
        if let lane = recent[occasion.agent] { return lane }
        let lane = laneNumbers[occasion.agent] ?? newLane(occasion)
        recent[occasion.agent] = lane
        return lane
    }

    private mutating func newLane(_ occasion: Occasion) -> Int {
        if laneNumbers.count >= Self.mostAgents { forgetUnconcerned() }
        if laneNumbers.count >= Self.mostAgents { forgetAgents() }
        let places = armed.indices.filter { armed[$0].definition.concernsAgent(occasion.agent, id: occasion.agentID) }
            .map(Place.init)
        var number = -1
        if !places.isEmpty {
            number = lanes.count
            lanes.append(Lane(agent: occasion.agent, agentID: occasion.agentID, places: places))
        }
        laneNumbers[occasion.agent] = number
        return number
    }

    private mutating func forgetUnconcerned() {
        laneNumbers = laneNumbers.filter { $0.value >= 0 }
        recent = RecentLanes()
    }

    private mutating func forgetAgents() {
        (lanes, laneNumbers, recent) = ([], [:], RecentLanes())
    }
}
