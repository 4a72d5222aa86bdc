/// How many times faster than written what is waited for passes.
package enum Speed {
    /// From a thousandth: slower than that, everything hangs.
    package static let range = 0.001...1_000_000

    /// As fast as can be: what is waited for is no time, what waits for ever still does.
    package static let most = Double.infinity
    package static let wordForMost = "max"

    /// Nil for what is no number in the range, and not `max`.
    package static func read(_ text: String) -> Double? {
        if text == wordForMost { return most }
        let isDecimal = text.utf8.allSatisfy { $0 &- 0x30 < 10 || ".eE+-".utf8.contains($0) }
        guard isDecimal, let speed = Double(text), range.contains(speed) else { return nil }
        return speed
    }

    /// As a JSON number, `2` and `0.5`, or `max`.
    package static func text(_ speed: Double) -> String {
        if speed == most { return wordForMost }
        return speed == speed.rounded() ? String(Int(speed)) : String(speed)
    }
}

/// An answer in a space where time passes faster.
package struct HasteBender: StepBender {
    private let speed: Double

    package init(speed: Double) { self.speed = speed }

    package func bend(_ step: Step, into bent: inout [Step]) { bent.append(step.hastened(by: speed)) }

    package func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent.append(last)
        return nil
    }
}
