import Bytes
import Delivery
import Fields
import JSON
import Rules
import SplitMix
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
    /// It strikes at most so often for each agent, or for each session with `perSession`.
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
    /// `on`: calls | every | chance | from/until | session | perSession | times. What is wrong is noted in the fields;
    /// whether the window is over already, only against a moment.
    init(_ fields: inout FieldReader, armedAt: Instant?) {
        calls = fields.text("calls", .call).flatMap { CallPattern($0) }
        every = fields.integer("every", 1...Int.max)
        chance = fields.share("chance")
        from = fields.text("from", Self.moment).flatMap(Moment.init)
        until = fields.text("until", Self.moment).flatMap(Moment.init)
        session = fields.text("session", .glob).map { Glob($0) }
        perSession = fields.bool("perSession") ?? false
        times = fields.integer("times", 1...Int.max)
        if chance == 0 { fields.refuse("chance", "with a chance of 0 it can never strike") }
        if fields.has("calls"), fields.has("every") {
            fields.refuse(
                "every", "\"calls\" says which calls already", hint: "write \"calls\": \"every 3\", or only one")
        }
        if let armedAt { refuseEmptyWindow(&fields, armedAt) }
    }

    private static let moment = TextCheck(
        { "\(TextCheck.quoted($0)) is neither a duration nor a moment" },
        hint: "write \"30s\" after the start, or \"2026-01-15T12:00:00Z\""
    ) { Moment($0) != nil }

    private func refuseEmptyWindow(_ fields: inout FieldReader, _ armedAt: Instant) {
        guard let until else { return }
        let window = window(armedAt: armedAt)
        if let from, until.instant(armedAt: armedAt) <= from.instant(armedAt: armedAt) {
            fields.refuse("until", "is not after \"from\": it can never strike")
        } else if case .at = until, window.upperBound <= armedAt.nanoseconds {
            fields.refuse("until", "is over already: it can never strike")
        }
    }
}

extension Trigger.Moment {
    init?(_ text: String) {
        if let instant = Instant(rfc3339: text.utf8) {
            self = .at(instant)
        } else if let duration = Duration(text: text), duration.nanoseconds <= Distribution.longest {
            self = .after(duration)
        } else {
            return nil
        }
    }
}
