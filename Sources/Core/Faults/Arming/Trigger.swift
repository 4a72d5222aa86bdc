import Bytes
import Delivery
import SplitMix
import JSON
import Fields
import Rules
import Time

// Rules.  A fault counts the calls that it could strike: those of an agent that pass its agent, endpoint, operation and
//         session patterns, inside its window. It counts from 1, from when it was armed: for a fault of the library
//         from the start or the last reset. With `perSession` it counts each session by itself.
//         Durations in `from` and `until` count from the same moment.
// Theory. All but the window and the patterns is a pure function of that number; `times` is one too, because numbers are
//         given out one after another.

/// When a fault strikes: the `on` of its entry. Everything that stands in it has to hold.
struct Trigger: Equatable, Sendable {
    enum Moment: Equatable, Sendable {
        case after(Duration)
        case at(Instant)

        func instant(armedAt: Instant) -> Int64 {
            switch self {
            case .after(let duration): armedAt.nanoseconds.later(by: duration.nanoseconds)
            case .at(let instant): instant.nanoseconds
            }
        }
    }

    var calls: CallPattern?
    var every: Int?
    var chance: Double?
    var from: Moment?
    var until: Moment?
    var session: Glob?
    var perSession = false
    /// StruckFaults at most so often, an agent, or a session with `perSession`.
    var times: Int?

    init() {}

    /// Whether the call of this number is struck, so many having been struck before it.
    func strikes(call number: Int, struckBefore: Int, seed: UInt64) -> Bool {
        if let times, struckBefore >= times { return false }
        if let calls, !calls.contains(number) { return false }
        if let every, number % every != 0 { return false }
        guard let chance else { return true }
        var drawn = Chance(seed: seed, number: UInt64(truncatingIfNeeded: number))
        return drawn.unit() < chance
    }

    func window(armedAt: Instant) -> Range<Int64> {
        let start = from?.instant(armedAt: armedAt) ?? .min
        return start..<max(start, until?.instant(armedAt: armedAt) ?? .max)
    }
}

extension Trigger {
    /// What is wrong is noted in the reader.
    init(_ reader: inout ParameterReader, armedAt: Instant) {
        calls = Self.calls(&reader)
        every = reader.integer("every", 1...Int.max)
        chance = reader.chance("chance")
        from = Self.moment("from", &reader)
        until = Self.moment("until", &reader)
        session = reader.text("session").map(Glob.init)
        perSession = reader.bool("perSession") ?? false
        times = reader.integer("times", 1...Int.max)
        if calls != nil, every != nil {
            reader.refuse(
                "every", "\"calls\" says which calls already", hint: "write \"calls\": \"every 3\", or only one")
        }
        refuseEmptyWindow(&reader, armedAt)
        reader.finish("\"on\"")
    }

    private static func calls(_ reader: inout ParameterReader) -> CallPattern? {
        guard let text = reader.text("calls") else { return nil }
        if let problem = CallPattern.problem(text) {
            reader.refuse(
                "calls", problem,
                hint: "calls are written \"1\", \"2-4\", \"5+\", \"every 3\", or several of those with commas")
        }
        return CallPattern(text)
    }

    private static func moment(_ name: String, _ reader: inout ParameterReader) -> Moment? {
        guard let text = reader.text(name) else { return nil }
        if let instant = Instant(rfc3339: text.utf8) { return .at(instant) }
        if let duration = Duration(text: text), duration.nanoseconds <= Distribution.longest { return .after(duration) }
        reader.refuse(
            name, "\(Excerpt.of(.string(text))) is neither a duration nor a moment",
            hint: "write \"30s\" after the start, or \"2026-01-15T12:00:00Z\"")
        return nil
    }

    private func refuseEmptyWindow(_ reader: inout ParameterReader, _ armedAt: Instant) {
        guard let until else { return }
        let window = window(armedAt: armedAt)
        if let from, until.instant(armedAt: armedAt) <= from.instant(armedAt: armedAt) {
            reader.refuse("until", "is not after \"from\": it can never strike")
        } else if case .at = until, window.upperBound <= armedAt.nanoseconds {
            reader.refuse("until", "is over already: it can never strike")
        }
    }
}
