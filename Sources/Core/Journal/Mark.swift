import JSON
import Redaction
import Time

/// Somebody says that it wanted to call and did not: what a verdict could not tell from idleness otherwise.
package struct Mark: Equatable, Sendable {
    package var space: String
    package var agent: String?
    /// Who wanted to, by whatever an expectation tells callers apart.
    package var by: String?
    /// Without its secrets.
    package let note: String?
    package var at: Instant
    /// What the clock of its space said then.
    package var clock: Instant

    package init(space: String, agent: String?, by: String?, note: String?, at: Instant, clock: Instant) {
        (self.space, self.agent, self.by, self.note) = (space, agent, by, note.map(BodySecrets.masked))
        (self.at, self.clock) = (at, clock)
    }

    package var json: Value {
        [
            "space": .string(space), "agent": Value(agent), "by": Value(by), "note": Value(note),
            "at": .string(at.rfc3339), "clock": .string(clock.rfc3339),
        ]
    }
}

/// The newest marks, in the order in which they were made.
package struct MarkLog: Sendable {
    static let most = 100_000
    package private(set) var marks: [Mark] = []

    package init() {}

    package mutating func append(_ mark: Mark) {
        // A tenth of them at once: taking one from the front each time would move all others.
        if marks.count == Self.most { marks.removeFirst(Self.most / 10) }
        marks.append(mark)
    }

    package mutating func removeAll() { marks = [] }
}
