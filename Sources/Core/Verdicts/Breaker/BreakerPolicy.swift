import JSON
import Fields
import Time

/// How a circuit breaker is said to behave.
package struct BreakerPolicy: Equatable, Sendable {
    package enum Counts: Equatable, Sendable {
        /// So many failures in a row; a success begins anew.
        case consecutive(Int)
        /// Of the calls that ended in the last seconds, at least `least`, this share failed.
        case window(seconds: Double, rate: Double, least: Int)
    }

    package enum Origin: String, CaseIterable, Sendable {
        case trip
        /// Calls that were in flight at the trip and fail later put off the end.
        case lastFailure = "last-failure"
    }

    package var word: String
    package var counts = Counts.consecutive(5)
    /// Seconds.
    package var openFor = 60.0
    package var openFrom = Origin.trip
    /// A share of `openFor` by which a probe may come too soon.
    package var tolerance = 0.1
    /// Calls that are let through while half-open; nil: all, until the first outcome.
    package var probes: Int? = 1
    /// Successes that close it.
    package var closesAfter = 1
    package var failures = FailureSet.standard
    /// Seconds between the end of an answer here and what the client does about it.
    package var latency = 0.1

    package init(_ word: String) { self.word = word }

    /// The breakers as they are shipped.
    package static let presets: [BreakerPolicy] = [
        preset("pybreaker", openFor: 60, .trip, probes: 1),
        preset("circuitbreaker", openFor: 30, .lastFailure, probes: nil),
        preset("aiobreaker", openFor: 60, .lastFailure, probes: nil),
        preset("purgatory", openFor: 30, .trip, probes: nil),
    ]

    private static func preset(_ word: String, openFor: Double, _ from: Origin, probes: Int?) -> BreakerPolicy {
        var policy = BreakerPolicy(word)
        (policy.openFor, policy.openFrom, policy.probes) = (openFor, from, probes)
        return policy
    }

    /// Within this time of an event a client may not have known of it.
    var grace: Double { min(latency, openFor / 4) }

    /// Within this time a single call may have been on its way all the same: a pause of the client's machine.
    var slack: Double { min(5 * latency, openFor / 4) }

    /// It counts a share of the calls in a window.
    var isShare: Bool { if case .window = counts { true } else { false } }

    /// `5 failures in a row`
    var threshold: String {
        switch counts {
        case .consecutive(let count): count == 1 ? "1 failure" : "\(count) failures in a row"
        case .window(let seconds, let rate, let least):
            "\(Figure.percent(rate)) failures among at least \(least) calls in \(Figure.time(seconds))"
        }
    }
}

extension BreakerPolicy {
    /// Of the parameters of a `breaker`: nil when none of them declares a policy.
    static func read(_ reader: inout ExpectationReader) -> BreakerPolicy? {
        let word = reader.fields.text("preset", .oneOf(presets.map(\.word)))
        let base = presets.first { $0.word == word }
        var policy = base ?? BreakerPolicy("the declared breaker")
        let fields = ["opensAfter", "openFor", "counts", "openFrom", "probes", "closesAfter"]
        let isDeclared = reader.fields.has("preset") || fields.contains { reader.fields.has($0) }
        if let opens = opensAfter(&reader) { policy.counts = .consecutive(opens) }
        if let counts = counts(&reader.fields) { policy.counts = counts }
        if let openFor = reader.fields.duration("openFor")?.inSeconds {
            if openFor <= 0 { reader.fields.refuse("openFor", "a breaker that is open for no time cannot be seen") }
            policy.openFor = openFor
        } else if isDeclared, !reader.fields.has("preset"), !reader.fields.has("openFor") {
            reader.fields.refuse("\"openFor\" is missing", hint: "say how long it stays open, or name a \"preset\"")
        }
        if let from = reader.fields.choice("openFrom", of: Origin.self) { policy.openFrom = from }
        probes(&reader.fields, &policy)
        if let closes = reader.fields.integer("closesAfter", 1...10_000) { policy.closesAfter = closes }
        if let tolerance = tolerance(&reader.fields) { policy.tolerance = tolerance }
        if let latency = reader.fields.duration("latency")?.inSeconds { policy.latency = latency }
        policy.failures = reader.failures()
        return isDeclared ? policy : nil
    }

    private static func opensAfter(_ reader: inout ExpectationReader) -> Int? {
        let opens = reader.fields.integer("opensAfter", 1...1_000_000)
        if opens != nil, reader.fields.node["counts"]?.members != nil {
            reader.fields.refuse("opensAfter", "\"counts\" says already when it opens", hint: "leave one of them out")
        }
        return opens
    }

    /// `consecutive`, or `{"window":"10s","rate":0.5,"least":10}`.
    private static func counts(_ fields: inout FieldReader) -> Counts? {
        guard let node = fields.node["counts"] else { return nil }
        if node.members == nil {
            _ = fields.text("counts", .oneOf(["consecutive"]))
            return nil
        }
        return fields.object("counts") { inner in
            let window = inner.duration("window")?.inSeconds
            let rate = inner.share("rate")
            let least = inner.integer("least", 1...1_000_000) ?? 1
            guard let window, let rate else {
                for name in ["window", "rate"] where !inner.has(name) { inner.refuse("\"\(name)\" is missing") }
                return nil
            }
            if window <= 0 { inner.refuse("window", "a window has a length") }
            if rate <= 0 { inner.refuse("rate", "a breaker that opens at no failures never closes") }
            return .window(seconds: window, rate: rate, least: least)
        }
    }

    private static func probes(_ fields: inout FieldReader, _ policy: inout BreakerPolicy) {
        guard let node = fields.node["probes"] else { return }
        if node.text != nil {
            if fields.text("probes", .oneOf(["any"])) != nil { policy.probes = nil }
        } else if let number = fields.integer("probes", 1...1_000_000) {
            policy.probes = number
        }
    }

    /// `"10%"`, or a share.
    private static func tolerance(_ fields: inout FieldReader) -> Double? {
        guard let node = fields.field("tolerance") else { return nil }
        var share = node.double
        if let text = node.text, text.hasSuffix("%"), let number = Double(String(text.dropLast())) {
            share = number / 100
        }
        guard let share, share >= 0, share < 1 else {
            fields.refuse("tolerance", "expected a percentage like \"10%\", below 100 %")
            return nil
        }
        return share
    }

    /// The policy of a `breaker` elsewhere in the file, whose mistakes are noted there.
    static func quietly(_ node: Node) -> BreakerPolicy? {
        guard let fields = FieldReader(node, path: .top, MistakeList()) else { return nil }
        var reader = ExpectationReader(kind: .breaker, known: nil, tripRule: nil, fields: fields)
        return read(&reader)
    }
}
