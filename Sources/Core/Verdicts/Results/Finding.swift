import JSON
import Time

package enum Judgement: String, Sendable {
    case pass
    case fail
    case inconclusive
}

/// A stretch of time in one state, by the clock of the space, and the calls that show it.
package struct Interval: Equatable, Sendable {
    package var state: String
    package var from: Instant
    package var to: Instant
    package var calls: [Int]

    package init(_ state: String, from: Instant, to: Instant, calls: [Int] = []) {
        self.state = state
        self.from = from
        self.to = to
        self.calls = calls
    }
}

/// What a judge says of one caller.
package struct Ruling: Equatable, Sendable {
    package var judgement: Judgement
    /// One sentence.
    package var because: String
    package var calls: [Int]
    package var figures: [Value.Member]
    package var intervals: [Interval]
    /// Calls in flight may change it: a pass, and a failure for want of calls.
    var mayChange: Bool

    package init(
        _ judgement: Judgement, _ because: String, calls: [Int] = [], figures: [Value.Member] = [],
        intervals: [Interval] = []
    ) {
        self.judgement = judgement
        self.because = because
        self.calls = calls
        self.figures = figures
        self.intervals = intervals
        mayChange = judgement == .pass
    }
}

/// One result: a ruling, and whom it is about.
package struct Finding: Equatable, Sendable {
    package var name: String
    package var kind: String
    package var space: String
    /// The value of `by`; nil where the calls have none, or there are none.
    package var by: String?
    package var ruling: Ruling
}

/// What came of all expectations.
package struct Findings: Equatable, Sendable {
    package var results: [Finding]

    package init(results: [Finding]) { self.results = results }

    /// `fail` when one is, else `inconclusive` when one is, else `pass`.
    package var judgement: Judgement {
        if results.contains(where: { $0.ruling.judgement == .fail }) { return .fail }
        return results.contains { $0.ruling.judgement == .inconclusive } ? .inconclusive : .pass
    }

    package var json: Value {
        ["verdict": .string(judgement.rawValue), "results": .array(results.map(\.json))]
    }

    /// Of a command: 0 good, 1 a verdict failed, 3 inconclusive.
    package var exitCode: Int32 {
        switch judgement {
        case .pass: 0
        case .fail: 1
        case .inconclusive: 3
        }
    }
}

extension Finding {
    package var json: Value {
        [
            "name": .string(name), "kind": .string(kind), "space": .string(space), "by": Value(by),
            "verdict": .string(ruling.judgement.rawValue), "because": .string(ruling.because),
            "calls": .array(ruling.calls.map { Value($0) }), "figures": .object(ruling.figures),
            "intervals": .array(ruling.intervals.map(\.json)),
        ]
    }
}

/// As a server told them.
extension Findings {
    /// Nil for what is none.
    package init?(_ json: Value) {
        guard let list = json["results"]?.array else { return nil }
        results = list.compactMap(Finding.init)
        guard results.count == list.count else { return nil }
    }
}

extension Finding {
    init?(_ json: Value) {
        guard let name = json["name"]?.text, let kind = json["kind"]?.text,
            let judgement = json["verdict"]?.text.flatMap(Judgement.init(rawValue:))
        else { return nil }
        let intervals = (json["intervals"]?.array ?? []).compactMap(Interval.init)
        self.init(
            name: name, kind: kind, space: json["space"]?.text ?? "", by: json["by"]?.text,
            ruling: Ruling(
                judgement, json["because"]?.text ?? "", calls: (json["calls"]?.array ?? []).compactMap(\.integer),
                figures: json["figures"]?.members ?? [], intervals: intervals))
    }
}

extension Interval {
    fileprivate init?(_ json: Value) {
        guard let state = json["state"]?.text, let from = json["from"]?.text.flatMap({ Instant(rfc3339: $0.utf8) }),
            let to = json["to"]?.text.flatMap({ Instant(rfc3339: $0.utf8) })
        else { return nil }
        self.init(state, from: from, to: to, calls: (json["calls"]?.array ?? []).compactMap(\.integer))
    }

    fileprivate var json: Value {
        [
            "state": .string(state), "from": .string(from.rfc3339), "to": .string(to.rfc3339),
            "calls": .array(calls.map { Value($0) }),
        ]
    }
}

/// The calls a ruling rests on: the first ones, and how many there were.
struct CallNumbers: Equatable, Sendable {
    static let most = 100
    private(set) var shown: [Int] = []
    private(set) var count = 0

    mutating func add(_ number: Int) {
        count += 1
        if shown.count < Self.most { shown.append(number) }
    }

    /// `calls 3, 4 and 9`, `calls 3, 4, 9 and 12 more`.
    var text: String {
        guard count > 1 else { return shown.first.map { "call \($0)" } ?? "no call" }
        let named = shown.prefix(5).map(String.init)
        if count > named.count { return "calls \(named.joined(separator: ", ")) and \(count - named.count) more" }
        return "calls \(named.dropLast().joined(separator: ", ")) and \(named.last ?? "")"
    }
}
