import Bytes
import JSON
import Runtime
import Time

/// What a text has to be, one line each: the reason when it is not.
struct TextCheck: Sendable {
    struct Problem: Equatable {
        var message: String
        var hint: String?
    }

    let problem: @Sendable (String) -> Problem?

    init(_ problem: @escaping @Sendable (String) -> Problem?) { self.problem = problem }

    init(
        _ message: @escaping @Sendable (String) -> String, hint: String? = nil,
        _ holds: @escaping @Sendable (String) -> Bool
    ) {
        problem = { holds($0) ? nil : Problem(message: message($0), hint: hint) }
    }

    static let notEmpty = TextCheck({ _ in "is empty" }) { !$0.isEmpty }

    static let duration = TextCheck(
        { "\(quoted($0)) is not a duration" }, hint: "durations are written \"250ms\", \"1.5s\", \"15m\", \"8h\""
    ) { Duration(text: $0) != nil }

    static let glob = TextCheck { text in
        if text.isEmpty { return Problem(message: "the pattern is empty", hint: "\"*\" matches everything") }
        let isOdd = text.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
        guard isOdd else { return nil }
        return Problem(
            message: "the pattern \(quoted(text)) holds a space or a control character, which no name has", hint: nil)
    }

    static let call = TextCheck { text in
        CallPattern.problem(text).map {
            Problem(
                message: $0,
                hint: "calls are written \"1\", \"2-4\", \"5+\", \"every 3\", or several of those with commas")
        }
    }

    static let expression = TextCheck { text in
        do throws(ExpressionMistake) {
            _ = try RegularExpression(text)
            return nil
        } catch {
            return Problem(message: "\(quoted(text)) is not a regular expression: \(error.text)")
        }
    }

    static let jsonPath = TextCheck { text in
        do throws(PathError) {
            _ = try Path(text)
            return nil
        } catch {
            return Problem(message: "\(quoted(text)) is not a path, \(error.description)")
        }
    }

    static let template = TextCheck { text in
        do throws(TemplateMistake) {
            _ = try Template(text)
            return nil
        } catch {
            return Problem(message: error.message)
        }
    }

    static let moment = TextCheck(
        { "\(quoted($0)) is not a moment" }, hint: "moments are written as in RFC 3339: \"2026-01-15T12:00:00Z\""
    ) { Instant(rfc3339: $0.utf8) != nil }

    static let serviceError = TextCheck { text in
        if ServiceError.named(text) != nil { return nil }
        let names = ServiceError.catalogue.map(\.name)
        return Problem(
            message: "\(quoted(text)) is no error of the service",
            hint: NearName.hint(for: text, among: names) ?? "there are \(names.joined(separator: ", "))")
    }

    /// The operations of the service (wire reference 1.1), or a pattern over their names.
    static let operation = TextCheck { text in
        if text.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
            return glob.problem(text)
        }
        return oneOf(operations).problem(text)
    }

    static let headerName = TextCheck({ "\(quoted($0)) cannot be the name of a header field" }) {
        !$0.isEmpty && $0.utf8.allSatisfy(ASCII.isToken)
    }

    static func oneOf(_ words: [String]) -> TextCheck {
        TextCheck { text in
            if words.contains(text) { return nil }
            return Problem(
                message: "\(quoted(text)) is not one of \(words.joined(separator: ", "))",
                hint: NearName.hint(for: text, among: words))
        }
    }

    static func quoted(_ text: String) -> String { Excerpt.of(.string(text)) }

    private static let operations = [
        "InvokeAgentRuntime", "InvokeAgentRuntimeCommand", "StopRuntimeSession", "GetAgentCard",
        "GetRuntimeProtectedResourceMetadata", "InvokeAgentRuntimeWithWebSocketStream",
        "InvokeAgentRuntimeCommandShell",
    ]
}
