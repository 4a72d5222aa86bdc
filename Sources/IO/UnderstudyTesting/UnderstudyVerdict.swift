import JSON

/// What the judges found.
public struct UnderstudyVerdict: Sendable, Equatable, CustomStringConvertible {
    public enum Ruling: String, Sendable {
        case pass, fail, inconclusive
    }

    public let ruling: Ruling
    /// A sentence for each expectation and caller.
    public let reasons: [String]
    /// All of it, as `POST verify` tells it.
    public let json: String

    public var isPass: Bool { ruling == .pass }
    public var description: String { "\(ruling.rawValue): " + reasons.joined(separator: "; ") }

    init(_ answer: Value) {
        ruling = answer["verdict"]?.text.flatMap(Ruling.init) ?? .inconclusive
        reasons = (answer["results"]?.array ?? []).map { result in
            "\(result["name"]?.text ?? "") \(result["verdict"]?.text ?? ""): \(result["because"]?.text ?? "")"
        }
        json = answer.json()
    }
}

extension UnderstudySpace {
    /// What the judges say of expectations, written as a list: `[{"calls": {"count": 2}}]`.
    public func verify(_ expectations: String) throws(UnderstudyFailure) -> UnderstudyVerdict {
        try judged(Self.read(expectations))
    }

    /// Throws unless the verdict is `pass`. `kind` and `expectation` as in a file of expectations: `"calls"`,
    /// `{"count": 2}`.
    @discardableResult
    public func expect(
        _ kind: String, _ expectation: String, name: String? = nil
    ) throws(UnderstudyFailure) -> UnderstudyVerdict {
        let found = try judged([
            .object([.init("name", .string(name ?? kind)), .init(kind, try Self.read(expectation))])
        ])
        guard found.isPass else { throw UnderstudyFailure("the verdict is \(found)") }
        return found
    }

    /// `{"opensAfter": 5, "openFor": "60s"}`, or a `preset`.
    @discardableResult
    public func expectBreaker(
        _ expectation: String, name: String? = nil
    ) throws(UnderstudyFailure) -> UnderstudyVerdict { try expect("breaker", expectation, name: name) }

    /// `{"policy": "full-jitter", "base": "1s", "cap": "30s"}`.
    @discardableResult
    public func expectBackoff(
        _ expectation: String, name: String? = nil
    ) throws(UnderstudyFailure) -> UnderstudyVerdict { try expect("backoff", expectation, name: name) }

    /// `{"within": "5s", "refreshes": {"max": 1}}`.
    @discardableResult
    public func expectRefresh(
        _ expectation: String, name: String? = nil
    ) throws(UnderstudyFailure) -> UnderstudyVerdict { try expect("tokenRefresh", expectation, name: name) }

    private func judged(_ expectations: Value) throws(UnderstudyFailure) -> UnderstudyVerdict {
        UnderstudyVerdict(try ask("POST", "verify", .object([.init("expect", expectations)])))
    }
}
