/// Some of Unicode's scalars: what `.`, `x`, `[a-z]`, `\d` and `\p{Lu}` stand for in a regular expression.
struct ScalarSet: Equatable, Sendable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: [Category] = []
    /// Sets that a negated escape (`\W`) put inside a class: each holds what it does not name.
    private var complements: [ScalarSet] = []
    private var isNegated = false
    private var ignoresCase = false

    /// `\p{L}` names a major category by its first letter, `\p{Lu}` one category.
    private struct Category: Equatable, Sendable {
        var name: String
        var isNegated: Bool

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            if name == "Emoji" { return scalar.properties.isEmoji != isNegated }
            return scalar.properties.generalCategory.code.hasPrefix(name) != isNegated
        }
    }

    init() {}

    init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func insert(_ other: ScalarSet) {
        if other.isNegated { return complements.append(other) }
        ranges += other.ranges
        categories += other.categories
        complements += other.complements
    }

    /// False when Unicode has no category of this name.
    mutating func insert(category name: String, isNegated: Bool) -> Bool {
        guard name == "Emoji" || Unicode.GeneralCategory.codes.contains(where: { $0.hasPrefix(name) }), !name.isEmpty
        else { return false }
        categories.append(Category(name: name, isNegated: isNegated))
        return true
    }

    func negated() -> ScalarSet {
        var other = self
        other.isNegated.toggle()
        return other
    }

    func ignoringCase() -> ScalarSet {
        var other = self
        other.ignoresCase = true
        return other
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        if holds(scalar) { return !isNegated }
        guard ignoresCase, scalar.properties.changesWhenCaseMapped else { return isNegated }
        let properties = scalar.properties
        let isHeld = holds(mapped: properties.lowercaseMapping) || holds(mapped: properties.uppercaseMapping)
        return isHeld != isNegated
    }

    /// What a look at one scalar costs beyond one step: a category and another case are looked up in tables, and the case
    /// makes a text.
    func effort(of scalar: Unicode.Scalar) -> Int {
        var steps = ranges.count / 8 + categories.count * 4
        if ignoresCase { steps += scalar.isASCII ? 4 : 12 }
        for complement in complements { steps += 1 + complement.effort(of: scalar) }
        return steps
    }

    /// Whether one beyond ASCII can be in it.
    var reachesBeyondASCII: Bool {
        isNegated || ignoresCase || !categories.isEmpty || !complements.isEmpty
            || ranges.contains { $0.upperBound > 0x7F }
    }

    private func holds(mapped text: String) -> Bool {
        text.unicodeScalars.count == 1 && text.unicodeScalars.first.map(holds) == true
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        for range in ranges where range.contains(scalar.value) { return true }
        for category in categories where category.contains(scalar) { return true }
        for complement in complements where complement.contains(scalar) { return true }
        return false
    }

    static let digits = ScalarSet(0x30...0x39)
    static let wordCharacters = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    static let spaces = ScalarSet(0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x2000...0x200A, 0x2028...0x2029)
    static let lineFeed = ScalarSet(0x0A...0x0A)
}

extension Unicode.GeneralCategory {
    static let codes = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    /// The two letters of the Unicode Character Database.
    var code: String {
        switch self {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
