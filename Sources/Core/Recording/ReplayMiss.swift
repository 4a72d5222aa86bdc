import Bytes
import Fields
import JSON

/// Why no recorded call answers a request: the nearest one, and where it first differs.
package enum ReplayMiss {
    /// Comparing costs time, and a library may hold any number of calls.
    private static let mostCalls = 500
    private static let mostBytes = 4 << 20
    private static let mostDifferences = 30

    package static func message(_ question: borrowing ReplayQuestion, in book: ReplayBook) -> String {
        guard let index = book.index(for: question), !index.calls.isEmpty else { return elsewhere(question, book) }
        if book.options.mode == .sequence {
            let count = index.calls.count
            return "The recorded calls of this session were all replayed: of \(question.operation) at this agent and "
                + "endpoint there \(count == 1 ? "is 1" : "are \(count)")."
        }
        var nearest: (call: ReadyCall, count: Int, first: String)?
        var bytes = 0
        for number in index.calls.prefix(mostCalls) where bytes < mostBytes {
            let call = book.calls[number]
            bytes += call.recorded.requestBody.count
            let found = differences(call.recorded, question, book.asking)
            guard let first = found.first, found.count < nearest?.count ?? .max else { continue }
            nearest = (call, found.count, first)
        }
        guard let nearest else { return "No recorded call answers this one." }
        return "No recorded call answers this one. The nearest is \(name(of: nearest.call)): \(nearest.first)."
    }

    /// Of another endpoint, operation or agent.
    private static func elsewhere(_ question: borrowing ReplayQuestion, _ book: ReplayBook) -> String {
        let agent = question.agent, id = question.id
        guard let call = book.calls.first(where: { $0.recorded.agent == agent || $0.recorded.agent == id }) else {
            let agents = Set(book.calls.prefix(mostCalls).map(\.recorded.agent)).sorted().prefix(3)
            return "No call of this agent is recorded. There are calls of \(agents.joined(separator: ", "))."
        }
        let recorded = call.recorded
        let difference =
            recorded.qualifier == question.qualifier
            ? "its operation is \(recorded.operation), this one's \(question.operation)"
            : "its qualifier is \(recorded.qualifier), this one's \(question.qualifier)"
        return "No recorded call answers this one. The nearest is \(name(of: call)): \(difference)."
    }

    /// `call 3 of the recording “session” (session s-1)`
    private static func name(of call: ReadyCall) -> String {
        let recording = call.recorded.recording.map { " of the recording “\($0)”" } ?? ""
        return "recorded call \(call.position)\(recording)" + (call.recorded.session.map { " (session \($0))" } ?? "")
    }

    private static func differences(
        _ recorded: RecordedCall, _ question: borrowing ReplayQuestion, _ asking: ReplayIndex.Asking
    ) -> [String] {
        var found: [String] = []
        for name in asking.headers {
            let there = recorded.requestFields.value(of: String(lossy: name))
            let here = question.header(name).map { String(lossy: $0) }
            guard there != here, there.flatMap({ RedactedText(Array($0.utf8)) }) == nil else { continue }
            found.append("its header \(String(lossy: name)) is \(quoted(there)), this one's \(quoted(here))")
        }
        let payload = ParsedPayload(recorded.requestBody)
        if let there = payload.value, let here = question.payload.value {
            let places = ValueDifference.all(
                there, here, volatile: RequestIDs.volatile(here, asking.volatile), most: mostDifferences)
            return found
                + places.map { place in
                    "its payload has \(place.left.map(Excerpt.of) ?? "nothing") at \(place.path), this one's "
                        + (place.right.map(Excerpt.of) ?? "nothing")
                }
        }
        guard payload.bytes != question.payload.bytes else { return found }
        return found + ["its payload \(described(payload)), this one's \(described(question.payload))"]
            + [String](repeating: "", count: mostDifferences)
    }

    private static func quoted(_ text: String?) -> String { text.map { Excerpt.of(.string($0)) } ?? "not there" }

    private static func described(_ payload: borrowing ParsedPayload) -> String {
        if payload.bytes.isEmpty { return "is empty" }
        if let value = payload.value { return "is \(Excerpt.of(value))" }
        return "is no JSON and begins with \(Excerpt.of(.string(String(lossy: payload.bytes.prefix(60)))))"
    }
}
