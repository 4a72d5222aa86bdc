/// How much one call may cost those who wait behind it, by all the regular expressions that are asked about it together.
/// What is not found by then is not found, and it is told that it was given up; so is, unread, every text after it. An
/// outcome that cost much is kept: who explains why a rule did not answer asks the same again.
package struct SearchEffort: Sendable {
    /// Steps of expressions that are looked at: some hundredths of a second.
    package static let most = 2_000_000
    /// So that no more are kept than this goes into `most`.
    private static let worthKeeping = 10_000

    private var left = Self.most
    var remaining: Int { max(left, 0) }
    var keptCount: Int { known.count }
    private var known: [Search: Bool] = [:]
    /// That of the expression that was asked last: many texts are asked of one.
    private var run: ExpressionRun?
    /// The expressions that were given up, as they are written.
    package private(set) var givenUp: [String] = []
    private var allGivenUp: Set<String> = []

    package init() {}

    /// Whether it was given up is told by `givenUp` then.
    mutating func finds(_ expression: RegularExpression, in text: String) -> Bool {
        if !known.isEmpty, let isFound = known[Search(expression: expression.text, text: text)] { return isFound }
        let before = left
        guard left > 0, let isFound = searched(for: expression, in: text) else {
            giveUp(expression)
            return false
        }
        if before - left >= Self.worthKeeping { known[Search(expression: expression.text, text: text)] = isFound }
        return isFound
    }

    private mutating func searched(for expression: RegularExpression, in text: String) -> Bool? {
        if run?.expression != expression {
            run = ExpressionRun(expression)
            left -= expression.steps.count / ExpressionRun.stepsMadeReadyPerStep
        }
        return run?.finds(in: text, &left)
    }

    private mutating func giveUp(_ expression: RegularExpression) {
        left = 0
        run = nil
        // The text of one expression is compared with itself at once.
        guard givenUp.last != expression.text, allGivenUp.insert(expression.text).inserted else { return }
        givenUp.append(expression.text)
    }
}

/// A text that an expression was looked for in. A long text is told from others by its length and its end first.
private struct Search: Hashable {
    let expression: String
    let text: String

    func hash(into hasher: inout Hasher) {
        hasher.combine(expression)
        hasher.combine(text.utf8.count)
        for byte in text.utf8.suffix(32) { hasher.combine(byte) }
    }
}

/// All ways to match at once, along a text.
private struct ExpressionRun: Sendable {
    let expression: RegularExpression
    private var present: Threads
    private var coming: Threads
    private var pending: [Int] = []

    init(_ expression: RegularExpression) {
        self.expression = expression
        present = Threads(count: expression.steps.count)
        coming = present
    }

    static let stepsMadeReadyPerStep = 64
    /// A text costs something before its first scalar is looked at.
    private static let stepsOfText = 4
    /// Places where nothing is alive cost little.
    private static let placesPerStep = 8

    /// Nil when it is given up.
    mutating func finds(in text: String, _ left: inout Int) -> Bool? {
        present.clear()
        coming.clear()
        pending.removeAll(keepingCapacity: true)
        left -= Self.stepsOfText
        return isFound(in: text, &left)
    }

    private mutating func isFound(in text: String, _ left: inout Int) -> Bool? {
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
            passed += scalar.isASCII ? 1 : 2
            guard left > passed / Self.placesPerStep else { return nil }
            swap(&present, &coming)
        }
        return false
    }

    private mutating func goesOn(over scalar: Unicode.Scalar, _ next: Unicode.Scalar?, _ left: inout Int) -> Bool {
        if present.list.isEmpty { return false }
        for number in present.list {
            left -= 1
            guard case .take(let set) = expression.steps[number] else { continue }
            left -= set.effort(of: scalar)
            guard set.contains(scalar) else { continue }
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
private struct Threads: Sendable {
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
