import JSON
import Time
import Verdicts

/// What happened, caller by caller: the verdict, and the calls that it is about. Drawn as text, SVG or HTML.
package struct Picture: Sendable {
    /// One caller.
    struct Lane: Sendable {
        var finding: Finding
        /// The newest of them, in the order of their arrival.
        var calls: [ReportedCall]
        /// How many more there were.
        var leftOut: Int
        var span: TimeSpan

        /// `breaker of search-ABC in worker-1`
        var title: String {
            let name = finding.by.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
            return finding.name + (name.map { " of \($0)" } ?? "")
                + (finding.space.isEmpty ? "" : " in \(finding.space)")
        }
    }

    let kind: ReportKind
    let lanes: [Lane]

    /// More calls than this are not told apart in a picture.
    static let most = 2_000

    /// `by` is how each expectation tells callers apart, in the order in which they were asked.
    package init(_ kind: ReportKind, _ findings: Findings, by: [String: CallerKind], _ calls: [ReportedCall]) {
        self.kind = kind
        lanes = findings.results.map { finding in
            let caller = by[finding.name] ?? .agent
            let own = calls.filter { call in
                call.space == finding.space && call.name(by: caller) == finding.by
                    && (kind == .refresh || !call.isIssuer)
            }
            let shown = Array(own.suffix(Self.most))
            return Lane(
                finding: finding, calls: shown, leftOut: own.count - shown.count,
                span: TimeSpan(finding.ruling.intervals, shown))
        }
    }
}

/// From the first to the last thing that is shown.
struct TimeSpan: Equatable, Sendable {
    var start: Instant
    var end: Instant

    init(_ intervals: [Interval], _ calls: [ReportedCall]) {
        let moments = calls.flatMap { [$0.arrived, $0.ended ?? $0.arrived] } + intervals.flatMap { [$0.from, $0.to] }
        start = moments.min() ?? Instant(nanoseconds: 0)
        end = max(moments.max() ?? start, start + .milliseconds(1))
    }

    var seconds: Double { Double(end.nanoseconds - start.nanoseconds) / 1e9 }

    /// From 0 to 1.
    func place(_ moment: Instant) -> Double {
        min(1, max(0, Double(moment.nanoseconds - start.nanoseconds) / Double(end.nanoseconds - start.nanoseconds)))
    }

    /// Round distances from the start, in seconds: at most so many.
    func ticks(atMost most: Int) -> [Double] {
        var step = 0.001
        var factors = [2.0, 2.5, 2.0].makeIterator()
        while seconds / step > Double(most) {
            // 1, 2, 5, 10 and so on, up to years.
            guard let factor = factors.next() else {
                factors = [2.0, 2.5, 2.0].makeIterator()
                continue
            }
            step *= factor
        }
        return (0...Int(seconds / step)).map { Double($0) * step }
    }
}

/// The figures of a verdict as lines: what is nested is told on a line of its own.
enum FigureLines {
    static func lines(_ figures: [Value.Member]) -> [(name: String, text: String)] {
        figures.flatMap { figure -> [(name: String, text: String)] in
            guard let list = figure.value.array, list.contains(where: { $0.members != nil }) else {
                return [(figure.name, text(figure.value))]
            }
            return list.enumerated().map { ("\(figure.name) \($0 + 1)", text($1)) }
        }
    }

    static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .number(let literal): literal
        case .null: "–"
        case .bool(let truth): truth ? "yes" : "no"
        case .array(let list): list.isEmpty ? "none" : list.map(text).joined(separator: ", ")
        case .object(let members):
            members.isEmpty ? "none" : members.map { "\($0.name) \(text($0.value))" }.joined(separator: ", ")
        }
    }
}

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
