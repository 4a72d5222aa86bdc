import Bytes

/// Durations as people write them in scenario files: `250ms`, `1.5s`, `15m`, `8h`, `59m1s`.
extension Duration {
    /// Nil unless the text is a non-negative number and one of ns, us, ms, s, m, h, d, or several of them, the greater
    /// before the smaller, of which the last alone may have a fraction.
    package init?(text: String) {
        var rest = Array(text.utf8)[...]
        var nanoseconds: Int64 = 0
        var former = Int64.max
        repeat {
            let number = rest.prefix { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
            let name = rest[number.endIndex...].prefix { !ASCII.isDigit($0) && $0 != UInt8(ascii: ".") }
            rest = rest[name.endIndex...]
            guard let unit = Self.units[String(decoding: name, as: UTF8.self)], unit < former,
                let part = Self.nanoseconds(number, of: unit, hasFraction: rest.isEmpty)
            else { return nil }
            former = unit
            let (sum, overflow) = nanoseconds.addingReportingOverflow(part)
            guard !overflow else { return nil }
            nanoseconds = sum
        } while !rest.isEmpty
        self = .nanoseconds(nanoseconds)
    }

    private static func nanoseconds(_ number: ArraySlice<UInt8>, of unit: Int64, hasFraction: Bool) -> Int64? {
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...(hasFraction ? 2 : 1)).contains(parts.count), let whole = ASCII.decimal(parts[0]),
            whole <= Int.max / Int(unit) - 1
        else { return nil }
        let nanoseconds = Int64(whole) * unit
        guard parts.count == 2 else { return nanoseconds }
        guard parts[1].count <= 9, let digits = ASCII.decimal(parts[1]) else { return nil }
        var scale: Int64 = 1
        for _ in parts[1] { scale *= 10 }
        let (product, overflow) = Int64(digits).multipliedReportingOverflow(by: unit)
        return overflow ? nil : nanoseconds + product / scale
    }

    /// The shortest spelling that reads back as the same duration.
    package var text: String {
        let nanoseconds = nanoseconds
        for (name, unit) in Self.descending where nanoseconds != 0 && nanoseconds % unit == 0 {
            return "\(nanoseconds / unit)\(name)"
        }
        return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns"
    }

    /// In hours, minutes and seconds: `59m1s`.
    package var spoken: String {
        var (rest, text) = (nanoseconds.magnitude / 1_000_000_000, "")
        for (name, unit) in [("h", 3_600), ("m", 60), ("s", 1)] as [(String, UInt64)] where rest >= unit {
            text += "\(rest / unit)\(name)"
            rest %= unit
        }
        return text.isEmpty ? "0s" : text
    }

    private static let descending: [(String, Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
    ]
    private static let units: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
}
