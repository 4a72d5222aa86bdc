/// How much one call may cost those who wait behind it, by all the regular expressions that are asked about it together.
/// What is not found by then is not found, and it is told that it was given up. An outcome that cost much is kept: who
/// explains why a rule did not answer asks the same again.
package struct SearchEffort: Sendable {
    /// Steps of expressions that are looked at: some hundredths of a second.
    package static let most = 2_000_000
    private static let worthKeeping = 10_000

    private struct Outcome: Sendable {
        let expression: RegularExpression
        let text: String
        /// Nil: it was given up.
        let isFound: Bool?
    }

    private var left = Self.most
    private var known: [Outcome] = []
    /// The expressions that were given up, as they are written.
    package private(set) var givenUp: [String] = []

    package init() {}

    /// Whether it was given up is told by `givenUp` then.
    mutating func finds(_ expression: RegularExpression, in text: String) -> Bool {
        for outcome in known where outcome.expression == expression && outcome.text == text {
            return outcome.isFound ?? false
        }
        let before = left
        var run = ExpressionRun(expression)
        let isFound = run.finds(in: text, &left)
        if isFound == nil, !gaveUp(expression) { givenUp.append(expression.text) }
        if isFound == nil || before - left >= Self.worthKeeping {
            known.append(Outcome(expression: expression, text: text, isFound: isFound))
        }
        return isFound ?? false
    }

    func gaveUp(_ expression: RegularExpression) -> Bool { givenUp.contains(expression.text) }
}

/// All ways to match at once, along a text.
private struct ExpressionRun {
    private let expression: RegularExpression
    private var present: Threads
    private var coming: Threads
    private var pending: [Int] = []

    init(_ expression: RegularExpression) {
        self.expression = expression
        present = Threads(count: expression.steps.count)
        coming = present
    }

    /// Places where nothing is alive cost little.
    private static let placesPerStep = 8

    /// Nil when it is given up.
    mutating func finds(in text: String, _ left: inout Int) -> Bool? {
        let beginning = expression.beginning
        var scalars = text.unicodeScalars.makeIterator()
        var after = scalars.next()
        if begins(nil, after, &left) { return true }
        swap(&present, &coming)
        var passed = 0
        defer { left -= passed / Self.placesPerStep }
        while let scalar = after {
            after = scalars.next()
            if goesOn(over: scalar, after, &left) { return true }
            if !beginning.isAtTextStart, beginning.mayBe(before: after), begins(scalar, after, &left) { return true }
            if beginning.isAtTextStart, coming.list.isEmpty { return false }
            passed += 1
            guard left > passed / Self.placesPerStep else { return nil }
            swap(&present, &coming)
        }
        return false
    }

    private mutating func goesOn(over scalar: Unicode.Scalar, _ next: Unicode.Scalar?, _ left: inout Int) -> Bool {
        if present.list.isEmpty { return false }
        left -= present.list.count
        for number in present.list {
            guard case .take(let set) = expression.steps[number], set.contains(scalar) else { continue }
            pending.append(number + 1)
        }
        present.clear()
        return follow(scalar, next, &left)
    }

    private mutating func begins(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?, _ left: inout Int) -> Bool {
        pending.append(0)
        return follow(before, after, &left)
    }

    /// Adds every step that can be reached from those pending without taking a scalar; true when the end is among them.
    private mutating func follow(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?, _ left: inout Int) -> Bool {
        while let number = pending.popLast() {
            guard coming.insert(number) else { continue }
            left -= 1
            switch expression.steps[number] {
            case .take: break
            case .jump(let target): pending.append(target)
            case .split(let one, let other):
                pending.append(other)
                pending.append(one)
            case .hold(let assertion):
                if assertion.holds(before: before, after: after) { pending.append(number + 1) }
            case .found: return true
            }
        }
        return false
    }
}

/// The steps that are alive at one place of the text: each once.
private struct Threads {
    var list: [Int] = []
    private var isAlive: [Bool]

    init(count: Int) { isAlive = [Bool](repeating: false, count: count) }

    mutating func insert(_ number: Int) -> Bool {
        guard !isAlive[number] else { return false }
        isAlive[number] = true
        list.append(number)
        return true
    }

    mutating func clear() {
        for number in list { isAlive[number] = false }
        list.removeAll(keepingCapacity: true)
    }
}
