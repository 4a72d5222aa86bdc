import Fields
import JSON
import Library
import Time

/// The faults armed in one space. Belongs to whoever owns the space's state: calls are decided one after another, and
/// the order in which they come gives them their numbers.
///
///     var strikes = book.decide(candidate) { sessions.isNew(key) }
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
    /// The agents met so far. An agent that no fault concerns has no row but -1.
    private var rows: [AgentCounts] = []
    private var rowNumbers: [String: Int] = [:]
    private var recent = RecentRows()
    /// StruckFaults by request headers so far.
    var oneCallStrikes = 0

    /// Callers choose the agents' names, so what is kept is bounded.
    static let mostAgents = 20_000

    /// Armed with the faults of a scenario, or with every reason why not.
    package init(_ entries: [FaultEntry], seed: UInt64, space: String, now: Instant) throws(Mistakes) {
        var definitions: [Definition] = []
        let mistakes = MistakeList()
        var names = Set(entries.compactMap(\.name))
        for (index, entry) in entries.enumerated() {
            let path = FieldPath.top.appending("faults").appending(index)
            if let name = entry.name, entries[..<index].contains(where: { $0.name == name }) {
                mistakes.add(Self.isTaken(name), path: path.appending("name"))
            }
            let name = entry.name ?? Self.freeName(entry.fault, names)
            names.insert(name)
            if let definition = Definition.read(entry, name: name, at: path, armedAt: now, mistakes) {
                definitions.append(definition)
            }
        }
        if mistakes.count > 0 { throw Mistakes(mistakes.mistakes) }
        self.init(library: definitions, seed: seed, space: space, now: now)
    }

    /// Every reason why these faults cannot be armed.
    package static func mistakes(in entries: [FaultEntry], now: Instant) -> [Mistake] {
        do throws(Mistakes) {
            _ = try FaultBook(entries, seed: 0, space: "default", now: now)
            return []
        } catch {
            return error.list
        }
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
    package mutating func arm(_ entry: FaultEntry, now: Instant) throws(Mistakes) -> String {
        let names = Set(armed.map(\.definition.name))
        if let name = entry.name, names.contains(name) {
            throw Mistakes([Mistake(Self.isTaken(name), path: "name")])
        }
        let name = entry.name ?? Self.freeName(entry.fault, names)
        let mistakes = MistakeList()
        guard let definition = Definition.read(entry, name: name, at: .top, armedAt: now, mistakes)
        else {
            throw Mistakes(mistakes.mistakes)
        }
        armed.append(Armed(definition, seed: seed, space: space, at: now))
        noteArmed()
        for row in rows.indices where definition.concernsAgent(rows[row].agent, id: rows[row].agentID) {
            rows[row].counts.append(FaultCount(armed: armed.count - 1))
        }
        forgetUnconcerned()
        return name
    }

    /// False when no fault of this name is armed.
    package mutating func disarm(_ name: String) -> Bool {
        guard let index = armed.firstIndex(where: { $0.definition.name == name }) else { return false }
        armed.remove(at: index)
        noteArmed()
        for row in rows.indices {
            rows[row].counts.removeAll { $0.armed == index }
            for count in rows[row].counts.indices where rows[row].counts[count].armed > index {
                rows[row].counts[count].armed -= 1
            }
        }
        return true
    }

    /// Switches one off, or on again; false when no fault of this name is armed.
    package mutating func enable(_ name: String, _ isEnabled: Bool) -> Bool {
        guard let index = armed.firstIndex(where: { $0.definition.name == name }) else { return false }
        armed[index].isEnabled = isEnabled
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
        guard let row = rowNumbers[agent], row >= 0 else { return }
        for count in rows[row].counts.indices { rows[row].counts[count].sessions?[session] = nil }
    }

    /// Every fault in the order of arming, as it was armed, with how often it struck.
    package var listing: Value {
        .array(
            armed.map { armed in
                var members = armed.definition.entry.written.members ?? []
                members.append(Value.Member("struck", Value(armed.struck)))
                members.append(Value.Member("enabled", .bool(armed.isEnabled)))
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
    package mutating func decide(_ candidate: FaultCandidate, startsSession: () -> Bool = { false }) -> StruckFaults {
        guard !armed.isEmpty else { return StruckFaults() }
        let row = row(of: candidate)
        guard row >= 0 else { return StruckFaults() }
        var strikes: [StruckFault] = []
        for count in rows[row].counts.indices {
            let index = rows[row].counts[count].armed
            if let strike = armed[index].decide(candidate, &rows[row].counts[count], startsSession: startsSession) {
                strikes.append(strike)
            }
        }
        return StruckFaults(strikes, coldStart: candidate.coldStart)
    }

    /// The agents met so far that faults concern, in the order of their first calls.
    var agentsMet: [(arn: String, id: String)] {
        rows.filter { !$0.agent.isEmpty }.map { ($0.agent, $0.agentID) }
    }

    func memory(of index: Int, agent: String) -> Memory {
        guard let row = rowNumbers[agent], row >= 0 else { return Memory() }
        return rows[row].counts.first { $0.armed == index }?.memory ?? Memory()
    }

    private mutating func row(of candidate: FaultCandidate) -> Int {
        if let row = recent[candidate.agent] { return row }
        let row = rowNumbers[candidate.agent] ?? newRow(candidate)
        recent[candidate.agent] = row
        return row
    }

    private mutating func newRow(_ candidate: FaultCandidate) -> Int {
        if rowNumbers.count >= Self.mostAgents { forgetUnconcerned() }
        if rowNumbers.count >= Self.mostAgents { forgetAgents() }
        let counts = armed.indices.filter { armed[$0].definition.concernsAgent(candidate.agent, id: candidate.agentID) }
            .map(FaultCount.init)
        var number = -1
        if !counts.isEmpty {
            number = rows.count
            rows.append(AgentCounts(agent: candidate.agent, agentID: candidate.agentID, counts: counts))
        }
        rowNumbers[candidate.agent] = number
        return number
    }

    private mutating func forgetUnconcerned() {
        rowNumbers = rowNumbers.filter { $0.value >= 0 }
        recent = RecentRows()
    }

    private mutating func forgetAgents() {
        (rows, rowNumbers, recent) = ([], [:], RecentRows())
    }
}
