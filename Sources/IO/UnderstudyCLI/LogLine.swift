import Delivery
import JSON
import Journal
import Time

/// What `serve` says on standard error: a line a call, and a line for whatever a person should know.
package struct LogLine: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    package enum Level: String, Sendable {
        case info
        case warning
    }

    package let format: Format
    /// Colour only where a person reads: on a terminal.
    package let isColoured: Bool

    package init(format: Format, isColoured: Bool) {
        self.format = format
        self.isColoured = isColoured
    }

    /// A message may hold what a client sent, such as the name that it asked for in a TLS handshake: it must be neither
    /// a line of its own nor a command to the terminal. JSON escapes what would be.
    package func line(_ level: Level, _ message: String, at now: Instant) -> String {
        switch format {
        case .json:
            Value.object([
                .init("time", .string(now.rfc3339)), .init("level", .string(level.rawValue)),
                .init("message", .string(message)),
            ]).json()
        case .text: level == .warning ? coloured(CallLine.harmless(message), "33") : CallLine.harmless(message)
        }
    }

    /// One call that has ended.
    package func line(_ call: CallRecord) -> String {
        switch format {
        case .json: Value.object(members(of: call)).json()
        case .text: CallLine(call).text(withDate: false, coloured: coloured)
        }
    }

    private func members(of call: CallRecord) -> [Value.Member] {
        let line = CallLine(call)
        var members: [Value.Member] = [
            .init("time", .string(line.arrived)), .init("level", .string(Level.info.rawValue)),
            .init("call", Value(line.number)), .init("status", line.status.map { Value($0) } ?? .null),
            .init("milliseconds", .number(CallLine.milliseconds(line.ended ?? 0))),
        ]
        let facts: [(String, String?)] = [
            ("method", call.text(.method)), ("path", call.path), ("operation", call.text(.operation)),
            ("agent", line.agent), ("space", line.space), ("session", line.session), ("rule", line.rule),
            ("why", line.why), ("outcome", line.outcome),
        ]
        for case (let name, let value?) in facts { members.append(.init(name, .string(value))) }
        if let attempt = line.attempt { members.append(.init("attempt", Value(attempt))) }
        if !line.faults.isEmpty { members.append(.init("faults", .array(line.faults.map(Value.string)))) }
        if call.number(.unmatched) == 1 { members.append(.init("unmatched", true)) }
        return members
    }

    private func coloured(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
