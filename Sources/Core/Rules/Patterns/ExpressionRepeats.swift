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
