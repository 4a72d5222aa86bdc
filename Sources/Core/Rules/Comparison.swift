import Fields
import JSON

/// One way to compare a value: what stands behind its word, how that is read, written and stored, and when it holds. One
/// file each, below `Operators/`.
package protocol Operator: Equatable, Sendable {
    static var word: String { get }
    /// Whether another operator that looks at the value has nothing to add.
    static var saysItAll: Bool { get }
    /// Whether it asks what the value is, and not only whether there is one.
    static var looksAtValue: Bool { get }

    /// Reads the field of its word. Nil where there is none, or where it is noted as a mistake.
    init?(_ fields: inout FieldReader)
    var written: Value { get }

    /// The column of `conditions` that keeps it.
    static var column: StoredColumn { get }
    init?(stored: StoredValue)
    var stored: StoredValue { get }

    /// Why it cannot be asked; only what came from no file may have such a problem.
    var problem: String? { get }
    /// Why it cannot be asked of a header, whose values are texts.
    var headerProblem: String? { get }
    /// Pairs of bytes that every string has for which it holds.
    var pairs: PairSet { get }
    /// Whether it holds where there is no value.
    var holdsWithoutValue: Bool { get }
    func holds(for value: Value, _ effort: inout SearchEffort) -> Bool
    /// What a value does not do for which it does not hold: `does not contain "sushi"`.
    func failure(_ effort: SearchEffort) -> String
}

extension Operator {
    package static var saysItAll: Bool { false }
    package static var looksAtValue: Bool { true }
    package var problem: String? { nil }
    package var headerProblem: String? { nil }
    package var pairs: PairSet { .none }
    package var holdsWithoutValue: Bool { false }

    fileprivate func isSame(_ other: any Operator) -> Bool { (other as? Self) == self }
}

/// The catalogue, in the order in which operators are asked.
package enum Operators {
    package static let all: [any Operator.Type] = [
        Equals.self,
        Contains.self,
        Matches.self,
        Exists.self,
    ]
}

/// What a payload path or a header has to satisfy: all of its operators.
package struct Comparison: Equatable, Sendable {
    /// In the catalogue's order.
    package let operators: [any Operator]

    package init(_ operators: any Operator...) { self.operators = operators }

    /// Reads a row's columns, in the catalogue's order.
    package init(stored: [StoredValue?]) {
        var operators: [any Operator] = []
        for index in stored.indices {
            guard let value = stored[index], let one = Operators.all[index].init(stored: value) else { continue }
            operators.append(one)
        }
        self.operators = operators
    }

    package static func == (left: Comparison, right: Comparison) -> Bool {
        left.operators.count == right.operators.count
            && zip(left.operators, right.operators).allSatisfy { $0.isSame($1) }
    }

    /// A row's columns, in the catalogue's order.
    package var stored: [StoredValue?] {
        Operators.all.map { kind in operators.first { type(of: $0) == kind }?.stored }
    }

    // MARK: In files

    init(_ fields: inout FieldReader) {
        operators = Operators.all.compactMap { $0.init(&fields) }
        let named = Operators.all.filter { fields.has($0.word) }
        if named.isEmpty {
            let words = Operators.all.map { $0.word }.joined(separator: ", ")
            fields.refuse("nothing is compared", hint: "write one of \(words)")
        }
        let looking = named.filter { $0.looksAtValue }.map { $0.word }
        for one in operators {
            let word = type(of: one).word
            if one.holdsWithoutValue, let other = looking.first {
                fields.refuse(word, "what does not exist cannot also hold \"\(other)\"")
            }
            if type(of: one).saysItAll, let other = looking.first(where: { $0 != word }) {
                fields.refuse(other, "\"\(word)\" says it all already", hint: "leave one of them out")
            }
        }
    }

    func write(to fields: inout FieldWriter) {
        for one in operators { fields.add(type(of: one).word, one.written) }
    }

    // MARK: Asking

    enum Failure {
        case missing
        case failed(any Operator)
    }

    /// Pairs of bytes that every string has for which the comparison holds.
    var pairs: PairSet { operators.lazy.map(\.pairs).first { $0 != .none } ?? .none }

    /// The first operator that does not hold for this value, or nil when all do.
    func failure(for value: Value?, _ effort: inout SearchEffort) -> Failure? {
        guard let value else { return operators.contains { $0.holdsWithoutValue } ? nil : .missing }
        for one in operators where !one.holds(for: value, &effort) { return .failed(one) }
        return nil
    }

    /// `is "pizza", does not contain "sushi"`; `isSecret` keeps the value out of it, and what it is compared with.
    func explanation(of failure: Failure, value: Value?, isSecret: Bool = false, _ effort: SearchEffort) -> String {
        let present = value.map { isSecret ? "is there" : "is \(Excerpt.of($0))" } ?? "is missing"
        return switch failure {
        case .missing: present
        case .failed(let one) where isSecret: "\(present), and \"\(type(of: one).word)\" does not hold for it"
        case .failed(let one): "\(present), \(one.failure(effort))"
        }
    }
}
