import Bytes
import Fields
import JSON

/// One thing that has to hold for a rule to answer, ready to be asked.
enum CompiledCondition: Sendable {
    case state(String)
    case call(CallPattern)
    case session(Glob)
    case user(Glob)
    case header(name: String, lowercaseName: [UInt8], Comparison)
    case payload(Path, Comparison)

    /// The place of the payload that is asked for a text, and what the text must hold.
    var firstLook: (path: Path, pairs: PairSet)? {
        guard case .payload(let path, let comparison) = self, !path.hasWildcard else { return nil }
        let pairs = comparison.pairs
        return pairs == .none ? nil : (path, pairs)
    }

    /// Nil when the condition holds, else the reason as people read it. `explains` is false on the way of a call,
    /// where nobody reads it: then any failure is the empty text.
    func failure(
        _ question: Question, _ payload: inout Payload, _ header: HeaderLookup, explains: Bool
    ) -> String? {
        switch self {
        case .state(let wanted):
            if question.state == wanted { return nil }
            return explains ? "state is \"\(question.state)\", not \"\(wanted)\"" : ""
        case .call(let pattern):
            if pattern.contains(question.call) { return nil }
            return explains ? "call is number \(question.call) of its session, not \"\(pattern.text)\"" : ""
        case .session(let glob): return Self.failure("session", question.session, glob, explains)
        case .user(let glob): return Self.failure("user", question.user, glob, explains)
        case .header(let name, let lowercaseName, let comparison):
            let value = header(lowercaseName).map { Value.string(String(lossy: $0)) }
            guard let failure = comparison.failure(for: value, &payload.effort) else { return nil }
            guard explains else { return "" }
            let isSecret = SecretName.matches(lowercaseName.span)
            let why = comparison.explanation(of: failure, value: value, isSecret: isSecret, payload.effort)
            return "header \(name) \(why)"
        case .payload(let path, let comparison):
            return Self.failure(path, comparison, &payload, explains)
        }
    }

    private static func failure(_ what: String, _ text: String?, _ glob: Glob, _ explains: Bool) -> String? {
        guard let text else { return explains ? "\(what) is missing" : "" }
        if glob.matches(text) { return nil }
        let pattern = String(lossy: glob.pattern)
        return explains ? "\(what) is \(Excerpt.of(.string(text))), does not match \"\(pattern)\"" : ""
    }

    /// A path with a wildcard holds when one of its values does.
    private static func failure(
        _ path: Path, _ comparison: Comparison, _ payload: inout Payload, _ explains: Bool
    ) -> String? {
        var value: Value?
        if path.hasWildcard {
            let values = payload.values(at: path)
            if values.contains(where: { comparison.failure(for: $0, &payload.effort) == nil }) { return nil }
            value = values.first
        } else {
            value = payload.value(at: path)
        }
        guard let failure = comparison.failure(for: value, &payload.effort) else { return nil }
        guard explains else { return "" }
        let why = comparison.explanation(of: failure, value: value, isSecret: path.namesSecret, payload.effort)
        return "payload \(path.text) \(why)"
    }
}

extension Path {
    /// Whether what stands there is nothing to repeat.
    fileprivate var namesSecret: Bool {
        steps.contains { step in
            if case .name(let name) = step { SecretName.matches(name) } else { false }
        }
    }
}
