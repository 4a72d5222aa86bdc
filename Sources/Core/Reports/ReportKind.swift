import JSON
import Verdicts

/// What a report is about, by the word of the command line.
package enum ReportKind: String, CaseIterable, Sendable {
    case breaker
    case backoff
    case refresh
    case calls

    /// The kind of expectation that says it.
    package var expectation: String { self == .refresh ? "tokenRefresh" : rawValue }

    /// What is asked when nothing is declared: which policy fits, or how it went.
    package var undeclared: Value {
        let parameters: Value = self == .calls ? ["count": ["min": 0]] : [:]
        return ["expect": .array([.object([.init(expectation, parameters)])])]
    }

    /// The entries of this kind in a file of expectations, as a file of their own; nil where it has none.
    package func entries(of file: Value) -> Value? {
        let entries = (file["expect"]?.array ?? []).filter { $0[expectation] != nil }
        return entries.isEmpty ? nil : .object([.init("expect", .array(entries))])
    }

    package var title: String {
        switch self {
        case .breaker: "Circuit breaker"
        case .backoff: "Waits between attempts"
        case .refresh: "Tokens"
        case .calls: "Calls"
        }
    }
}
