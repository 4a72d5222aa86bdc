import JSON
import Fields
import Time

/// `backoff`: the waits between the attempts of one invocation follow the declared policy.
extension ExpectationKind {
    static let backoff = ExpectationKind(word: "backoff") { reader in
        var declaration = BackoffDeclaration()
        declaration.story = reader.story()
        declaration.attempts = reader.count("attempts")
        declaration.policy = BackoffPolicy.read(&reader.fields)
        if let latency = reader.fields.duration("latency")?.inSeconds, latency > 0 { declaration.latency = latency }
        if let range = declaration.attempts, range.upperBound < 1 {
            reader.fields.refuse("attempts", "an invocation has at least 1 attempt")
        }
        let settled = declaration
        return { { BackoffJudge(settled) } }
    }
}

extension BackoffPolicy {
    /// The declared policy with its parameters; nil when the user agent shall say it.
    static func read(_ fields: inout FieldReader) -> BackoffPolicy? {
        let word = fields.text("policy", .oneOf(words))
        let base = fields.duration("base")?.inSeconds
        let factor = positive("factor", &fields)
        let cap = fields.duration("cap")?.inSeconds
        let jitter = jitter(&fields)
        let hints = fields.choice("hints", of: Hints.self)
        guard let word, let entry = entry(word) else {
            if !fields.has("policy") { refuseParameters(&fields) }
            return nil
        }
        var policy = entry.policy
        func take(_ name: String, _ opening: Openings, _ isGiven: Bool) -> Bool {
            guard isGiven else { return false }
            if entry.openings.contains(opening) { return true }
            fields.refuse(name, "\"\(word)\" has no \(name) to choose", hint: "leave it out")
            return false
        }
        if take("base", .base, base != nil), let base {
            if policy.factorIsBase { policy.setLibraryFactor(base) } else { policy.base = base }
        }
        if take("factor", .factor, factor != nil), let factor {
            if policy.factorIsBase { policy.setLibraryFactor(factor) } else { policy.factor = factor }
        }
        if take("cap", .cap, cap != nil), let cap { policy.cap = cap }
        if take("jitter", .jitter, jitter != nil), let jitter { policy.jitter = jitter }
        if take("hints", .hints, hints != nil), let hints { policy.hints = hints }
        policy.refuseImpossible(fields)
        return policy
    }

    private static func refuseParameters(_ fields: inout FieldReader) {
        for name in ["base", "factor", "cap", "jitter", "hints"] where fields.has(name) {
            fields.refuse(name, "there is no \"policy\" that this belongs to")
        }
    }

    private func refuseImpossible(_ fields: FieldReader) {
        if cap < base, fields.has("cap") { fields.refuse("cap", "the cap is shorter than the base") }
        if base <= 0, form != .none, fields.has("base") {
            fields.refuse("base", "waits that begin with nothing stay nothing", hint: "write \"policy\": \"none\"")
        }
        if form == .share, jitter > 1 { fields.refuse("jitter", "here jitter is a share, from 0 to 1") }
    }

    private static func positive(_ name: String, _ fields: inout FieldReader) -> Double? {
        guard let node = fields.field(name) else { return nil }
        guard let number = node.double, number > 0, number <= 1_000 else {
            fields.refuse(name, "expected a number above 0, up to 1000")
            return nil
        }
        return number
    }

    /// A duration, or a number: seconds where it is added, a share where it is one.
    private static func jitter(_ fields: inout FieldReader) -> Double? {
        guard let node = fields.node["jitter"] else { return nil }
        if node.text != nil { return fields.duration("jitter")?.inSeconds }
        _ = fields.field("jitter")
        guard let number = node.double, (0...3_600).contains(number) else {
            fields.refuse("jitter", "expected a duration, or a number of seconds or a share")
            return nil
        }
        return number
    }
}
