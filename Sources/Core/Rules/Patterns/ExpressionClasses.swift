/// `[a-z]`, and what a `\` stands for inside and outside of it.
extension ExpressionParser {
    /// The class whose `[` was just taken.
    mutating func characterClass() throws(ExpressionMistake) -> ScalarSet {
        let start = place
        var set = ScalarSet()
        let isNegated = take("^")
        if next == "]" { throw mistake("the class holds nothing") }
        while !take("]") {
            guard next != nil else { throw ExpressionMistake(message: "a [ is never closed", place: start) }
            try classItem(into: &set)
        }
        return isNegated ? set.negated() : set
    }

    private mutating func classItem(into set: inout ScalarSet) throws(ExpressionMistake) {
        guard let first = try classScalar(into: &set) else { return }
        guard next == "-", place + 1 < text.count, text[place + 1] != "]" else { return set.insert(first...first) }
        place += 1
        guard let last = try classScalar(into: &set) else {
            set.insert(first...first)
            return set.insert(0x2D...0x2D)
        }
        guard first <= last else { throw mistake("a range counts upwards") }
        set.insert(first...last)
    }

    /// One scalar of a class; nil when it was an escape for many, which are then in `set`.
    private mutating func classScalar(into set: inout ScalarSet) throws(ExpressionMistake) -> UInt32? {
        guard let scalar = next else { throw mistake("a [ is never closed") }
        place += 1
        guard scalar == "\\" else { return scalar.value }
        if take("b") { return 0x08 }
        if let single = try singleEscape() { return single }
        set.insert(try escapedScalars())
        return nil
    }

    /// What the escape after a `\` stands for, one scalar or many.
    mutating func escapedScalars() throws(ExpressionMistake) -> ScalarSet {
        if let single = try singleEscape() { return ScalarSet(single...single) }
        guard let scalar = next else { throw mistake("the \\ escapes nothing") }
        place += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.negated()
        case "w": return .wordCharacters
        case "W": return ScalarSet.wordCharacters.negated()
        case "s": return .spaces
        case "S": return ScalarSet.spaces.negated()
        case "p", "P": return try category(isNegated: scalar == "P")
        default:
            place -= 1
            throw mistake("\\\(scalar) is no escape")
        }
    }

    /// Nil, and nothing taken, when the escape stands for more than one scalar.
    private mutating func singleEscape() throws(ExpressionMistake) -> UInt32? {
        guard let scalar = next else { throw mistake("the \\ escapes nothing") }
        let simple: [Unicode.Scalar: UInt32] = ["t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D, "0": 0]
        if let value = simple[scalar] {
            place += 1
            return value
        }
        if scalar == "x" || scalar == "u" {
            place += 1
            return try hexadecimal(digits: scalar == "x" ? 2 : 4)
        }
        guard !ScalarSet.wordCharacters.contains(scalar) || scalar == "_" else { return nil }
        place += 1
        return scalar.value
    }

    private mutating func hexadecimal(digits: Int) throws(ExpressionMistake) -> UInt32 {
        let isBraced = take("{")
        var value: UInt32 = 0
        var count = 0
        while count < (isBraced ? 6 : digits), let digit = next?.hexadecimalValue {
            value = value << 4 | digit
            count += 1
            place += 1
        }
        guard isBraced ? count > 0 && take("}") : count == digits, value <= 0x10FFFF else {
            throw mistake("not a hexadecimal character number")
        }
        return value
    }

    private mutating func category(isNegated: Bool) throws(ExpressionMistake) -> ScalarSet {
        var name = ""
        if take("{") {
            while let scalar = next, scalar != "}", name.unicodeScalars.count < 20 {
                name.unicodeScalars.append(scalar)
                place += 1
            }
            guard take("}") else { throw mistake("\\p{ is never closed") }
        } else if let scalar = next {
            name.unicodeScalars.append(scalar)
            place += 1
        }
        var set = ScalarSet()
        guard set.insert(category: name, isNegated: isNegated) else {
            throw mistake("\"\(name)\" is no Unicode category (such as L, Lu, Nd, P, Emoji)")
        }
        return set
    }
}

extension Unicode.Scalar {
    fileprivate var hexadecimalValue: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }
}
