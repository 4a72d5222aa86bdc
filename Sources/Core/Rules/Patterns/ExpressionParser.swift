/// Reads the syntax that JavaScript, Python, Java and RE2 share. What only a backtracking matcher can do (references to
/// groups, looking ahead and behind, possessive repeats) is refused: see `RegularExpression`.
struct ExpressionParser {
    /// Deep enough for what people write, shallow enough for the stack.
    static let maximumDepth = 64
    /// RE2's bound for a counted repeat.
    static let maximumCount = 1_000

    struct Flags {
        var ignoresCase = false
        var dotMatchesLineFeed = false
        var anchorsMatchLines = false
    }

    let text: [Unicode.Scalar]
    var place = 0
    var flags = Flags()
    private var depth = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    mutating func parse() throws(ExpressionMistake) -> ExpressionTree {
        let tree = try choice()
        guard place == text.count else { throw mistake("a ) closes no group") }
        return tree
    }

    func mistake(_ message: String) -> ExpressionMistake { ExpressionMistake(message: message, place: place + 1) }

    var next: Unicode.Scalar? { place < text.count ? text[place] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private mutating func choice() throws(ExpressionMistake) -> ExpressionTree {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(ExpressionMistake) -> ExpressionTree {
        var items: [ExpressionTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let item = try atom()
            items.append(try repeated(item))
        }
        return items.count == 1 ? items[0] : items.isEmpty ? .empty : .sequence(items)
    }

    private mutating func atom() throws(ExpressionMistake) -> ExpressionTree {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "(": return try group()
        case "[":
            place += 1
            return .scalars(cased(try characterClass()))
        case "\\":
            place += 1
            return try escape()
        case "*", "+", "?": throw mistake("\(scalar) has nothing to repeat")
        case "^":
            place += 1
            return .assertion(flags.anchorsMatchLines ? .lineStart : .textStart)
        case "$":
            place += 1
            return .assertion(flags.anchorsMatchLines ? .lineEnd : .textEnd)
        case ".":
            place += 1
            return .scalars(flags.dotMatchesLineFeed ? ScalarSet().negated() : ScalarSet.lineFeed.negated())
        default:
            place += 1
            return .scalars(cased(ScalarSet(scalar.value...scalar.value)))
        }
    }

    func cased(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.ignoringCase() : set }

    private mutating func escape() throws(ExpressionMistake) -> ExpressionTree {
        guard let scalar = next else { throw mistake("the \\ escapes nothing") }
        switch scalar {
        case "b", "B", "A", "z", "Z":
            place += 1
            return .assertion(
                scalar == "b" ? .wordBoundary : scalar == "B" ? .noWordBoundary : scalar == "A" ? .textStart : .textEnd)
        case "1"..."9", "k": throw mistake("references to groups are not supported")
        default: return .scalars(cased(try escapedScalars()))
        }
    }

    private mutating func group() throws(ExpressionMistake) -> ExpressionTree {
        let start = place
        place += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw mistake("more than \(Self.maximumDepth) groups in each other") }
        let outer = flags
        if take("?") {
            guard try groupKind() else { return .empty }
        }
        let tree = try choice()
        guard take(")") else { throw ExpressionMistake(message: "a ( is never closed", place: start + 1) }
        flags = outer
        return tree
    }

    /// What follows `(?`. False when it was `(?i)`: flags for the rest of the group around it, and no group itself.
    private mutating func groupKind() throws(ExpressionMistake) -> Bool {
        if take(":") { return true }
        if take("P") || next == "<" { return try groupName() }
        if next == "=" || next == "!" { throw mistake("looking ahead is not supported") }
        if next == ">" { throw mistake("atomic groups are not supported") }
        var isOn = true
        while let scalar = next {
            place += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "s": flags.dotMatchesLineFeed = isOn
            case "m": flags.anchorsMatchLines = isOn
            case "-": isOn = false
            case ":": return true
            case ")": return false
            default:
                place -= 1
                throw mistake("(?\(scalar) is no kind of group")
            }
        }
        throw mistake("a ( is never closed")
    }

    private mutating func groupName() throws(ExpressionMistake) -> Bool {
        guard take("<") else { throw mistake("a group's name stands in < and >") }
        if next == "=" || next == "!" { throw mistake("looking behind is not supported") }
        while let scalar = next, scalar != ">" {
            guard ScalarSet.wordCharacters.contains(scalar) else { throw mistake("a group's name is a word") }
            place += 1
        }
        guard take(">") else { throw mistake("a group's name stands in < and >") }
        return true
    }
}

/// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,4}` behind an item, and `?` behind those, which changes what is captured and not
/// whether it matches.
extension ExpressionParser {
    mutating func repeated(_ item: ExpressionTree) throws(ExpressionMistake) -> ExpressionTree {
        guard let (atLeast, atMost) = try bounds() else { return item }
        if case .assertion = item { throw mistake("an anchor cannot be repeated") }
        _ = take("?")
        if next == "+" { throw mistake("possessive repeats are not supported") }
        if next == "*" || next == "?" { throw mistake("a repeat cannot be repeated") }
        return .repeated(item, atLeast: atLeast, atMost: atMost)
    }

    private mutating func bounds() throws(ExpressionMistake) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = place
        guard take("{") else { return nil }
        guard let counted = counted() else {
            // As in JavaScript and Python, a brace that opens no count stands for itself.
            place = start
            return nil
        }
        guard counted.0 <= Self.maximumCount, (counted.1 ?? 0) <= Self.maximumCount else {
            throw mistake("a repeat goes to at most \(Self.maximumCount)")
        }
        guard counted.1.map({ $0 >= counted.0 }) ?? true else { throw mistake("a repeat counts upwards") }
        return counted
    }

    private mutating func counted() -> (Int, Int?)? {
        guard let atLeast = number() else { return nil }
        if take("}") { return (atLeast, atLeast) }
        guard take(",") else { return nil }
        if take("}") { return (atLeast, nil) }
        guard let atMost = number(), take("}") else { return nil }
        return (atLeast, atMost)
    }

    /// At most nine digits, so that it cannot overflow.
    private mutating func number() -> Int? {
        var value: Int?
        for _ in 0..<9 {
            guard let scalar = next, ("0"..."9").contains(scalar) else { break }
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            place += 1
        }
        return value
    }
}

/// A regular expression as it was written, before it becomes a program.
indirect enum ExpressionTree: Equatable, Sendable {
    case empty
    case scalars(ScalarSet)
    case sequence([ExpressionTree])
    case choice([ExpressionTree])
    case repeated(ExpressionTree, atLeast: Int, atMost: Int?)
    case assertion(Assertion)

    enum Assertion: Equatable, Sendable {
        case textStart
        case textEnd
        case lineStart
        case lineEnd
        case wordBoundary
        case noWordBoundary
    }
}

/// Why a regular expression cannot be used, and at which of its characters (counted from 1).
package struct ExpressionMistake: Error, Equatable {
    var message: String
    var place: Int

    package var text: String { "\(message) at character \(place)" }
}
