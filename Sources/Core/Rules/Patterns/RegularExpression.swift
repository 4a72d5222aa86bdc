/// The comparison `matches`: found anywhere in the text unless `^` and `$` say otherwise.
///
/// Theory: Thompson's simulation (1968; Russ Cox, "Regular Expression Matching: the Virtual Machine Approach"). All ways
/// to match are followed at once, one scalar at a time, so the time is at most (size of the expression) × (length of the
/// text). Swift's own `Regex` backtracks: `(a+)+$` in somebody's library against one unlucky payload would stop the event
/// loop for every caller. The price is that references to groups and looking around are refused. Expression and text may
/// both be large, so the product is bounded too, for all that one call asks: see `SearchEffort`.
package struct RegularExpression: Equatable, Sendable {
    /// A step either takes one scalar, or says where else to be without taking any.
    enum Step: Equatable, Sendable {
        case take(ScalarSet)
        case jump(Int)
        case split(Int, Int)
        case hold(ExpressionTree.Assertion)
        case found
    }

    static let maximumSteps = 20_000

    let text: String
    private(set) var steps: [Step] = []
    private(set) var beginning = ExpressionBeginning()

    package init(_ text: String) throws(ExpressionMistake) {
        self.text = text
        var parser = ExpressionParser(text)
        try append(parser.parse())
        steps.append(.found)
        beginning = ExpressionBeginning(of: steps)
    }

    package static func == (left: RegularExpression, right: RegularExpression) -> Bool { left.text == right.text }

    /// For a text that stands for itself: within the effort of one call.
    package func matches(_ text: String) -> Bool {
        var effort = SearchEffort()
        return effort.finds(self, in: text)
    }

    private mutating func append(_ tree: ExpressionTree) throws(ExpressionMistake) {
        guard steps.count <= Self.maximumSteps else {
            throw ExpressionMistake(message: "the repeats make the expression too large", place: 1)
        }
        switch tree {
        case .empty: break
        case .scalars(let set): steps.append(.take(set))
        case .assertion(let assertion): steps.append(.hold(assertion))
        case .sequence(let items): for item in items { try append(item) }
        case .choice(let branches): try append(choice: branches)
        case .repeated(let item, let atLeast, let atMost): try append(item, atLeast: atLeast, atMost: atMost)
        }
    }

    private mutating func append(choice branches: [ExpressionTree]) throws(ExpressionMistake) {
        var exits: [Int] = []
        for branch in branches.dropLast() {
            let fork = steps.count
            steps.append(.found)
            try append(branch)
            exits.append(steps.count)
            steps.append(.found)
            steps[fork] = .split(fork + 1, steps.count)
        }
        if let last = branches.last { try append(last) }
        for exit in exits { steps[exit] = .jump(steps.count) }
    }

    private mutating func append(
        _ item: ExpressionTree, atLeast: Int, atMost: Int?
    ) throws(ExpressionMistake) {
        for _ in 0..<atLeast {
            let start = steps.count
            try append(item)
            // Nothing, however often: `((){1000}){1000}` must not count to a million.
            if steps.count == start { break }
        }
        guard let atMost else {
            let fork = steps.count
            steps.append(.found)
            try append(item)
            steps.append(.jump(fork))
            steps[fork] = .split(fork + 1, steps.count)
            return
        }
        var forks: [Int] = []
        for _ in atLeast..<atMost {
            forks.append(steps.count)
            steps.append(.found)
            try append(item)
        }
        for fork in forks { steps[fork] = .split(fork + 1, steps.count) }
    }
}

extension ExpressionTree.Assertion {
    func holds(before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
        switch self {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lineStart: before == nil || before == "\n"
        case .lineEnd: after == nil || after == "\n"
        case .wordBoundary: Self.isWord(before) != Self.isWord(after)
        case .noWordBoundary: Self.isWord(before) == Self.isWord(after)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ScalarSet.wordCharacters.contains($0) } ?? false
    }
}
