/// How many times faster than written what is waited for passes.
package enum Speed {
    /// From a thousandth: slower than that, everything hangs.
    package static let range = 0.001...1_000_000

    /// Nil for what is no number in the range.
    package static func read(_ text: String) -> Double? {
        let isDecimal = text.utf8.allSatisfy { $0 &- 0x30 < 10 || ".eE+-".utf8.contains($0) }
        guard isDecimal, let speed = Double(text), range.contains(speed) else { return nil }
        return speed
    }

    /// As a JSON number: `2` and `0.5`.
    package static func text(_ speed: Double) -> String {
        speed == speed.rounded() ? String(Int(speed)) : String(speed)
    }
}
