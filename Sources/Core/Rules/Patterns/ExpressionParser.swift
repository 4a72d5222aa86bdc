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
