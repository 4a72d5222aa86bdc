import Bytes
import JSON
import Time

/// What a text has to be, one line each: the reason when it is not.
package struct TextCheck: Sendable {
    package struct Problem: Equatable {
        package var message: String
        package var hint: String?

        package init(message: String, hint: String? = nil) {
            self.message = message
            self.hint = hint
        }
    }

    package let problem: @Sendable (String) -> Problem?

    package init(_ problem: @escaping @Sendable (String) -> Problem?) { self.problem = problem }

    package init(
        _ message: @escaping @Sendable (String) -> String, hint: String? = nil,
        _ holds: @escaping @Sendable (String) -> Bool
    ) {
        problem = { holds($0) ? nil : Problem(message: message($0), hint: hint) }
    }

    package static let notEmpty = TextCheck({ _ in "is empty" }) { !$0.isEmpty }

    package static let duration = TextCheck(
        { "\(quoted($0)) is not a duration" }, hint: "durations are written \"250ms\", \"1.5s\", \"15m\", \"8h\""
    ) { Duration(text: $0) != nil }

    package static let glob = TextCheck { text in
        if text.isEmpty { return Problem(message: "the pattern is empty", hint: "\"*\" matches everything") }
        let isOdd = text.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
        guard isOdd else { return nil }
        return Problem(
            message: "the pattern \(quoted(text)) holds a space or a control character, which no name has", hint: nil)
    }

    package static let moment = TextCheck(
        { "\(quoted($0)) is not a moment" }, hint: "moments are written as in RFC 3339: \"2026-01-15T12:00:00Z\""
    ) { Instant(rfc3339: $0.utf8) != nil }

    /// The operations of the service (wire reference 1.1), or a pattern over their names.
    package static let operation = TextCheck { text in
        if text.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
            return glob.problem(text)
        }
        return oneOf(operations).problem(text)
    }

    package static let headerName = TextCheck({ "\(quoted($0)) cannot be the name of a header field" }) {
        !$0.isEmpty && $0.utf8.allSatisfy(ASCII.isToken)
    }

    package static func oneOf(_ words: [String]) -> TextCheck {
        TextCheck { text in
            if words.contains(text) { return nil }
            return Problem(
                message: "\(quoted(text)) is not one of \(words.joined(separator: ", "))",
                hint: NearName.hint(for: text, among: words))
        }
    }

    package static func quoted(_ text: String) -> String { Excerpt.of(.string(text)) }

    private static let operations = [
        "InvokeAgentRuntime", "InvokeAgentRuntimeCommand", "StopRuntimeSession", "GetAgentCard",
        "GetRuntimeProtectedResourceMetadata", "InvokeAgentRuntimeWithWebSocketStream",
        "InvokeAgentRuntimeCommandShell",
    ]
}
