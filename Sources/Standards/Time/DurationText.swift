import Bytes

/// Durations as people write them in scenario files: `250ms`, `1.5s`, `15m`, `8h`.
extension Duration {
    /// Nil unless the text is a non-negative number and one of ns, us, ms, s, m, h, d.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        let unitStart = bytes.firstIndex { !ASCII.isDigit($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
        guard let unit = Self.units[String(decoding: bytes[unitStart...], as: UTF8.self)] else { return nil }
        let parts = bytes[..<unitStart].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = ASCII.decimal(parts[0]), whole <= Int.max / Int(unit) - 1
        else { return nil }
        var nanoseconds = Int64(whole) * unit
        if parts.count == 2 {
            guard parts[1].count <= 9, let digits = ASCII.decimal(parts[1]) else { return nil }
            var scale: Int64 = 1
            for _ in parts[1] { scale *= 10 }
            let (product, overflow) = Int64(digits).multipliedReportingOverflow(by: unit)
            guard !overflow else { return nil }
            nanoseconds += product / scale
        }
        self = .nanoseconds(nanoseconds)
    }

    /// The shortest spelling that reads back as the same duration.
    package var text: String {
        let nanoseconds = nanoseconds
        for (name, unit) in Self.descending where nanoseconds != 0 && nanoseconds % unit == 0 {
            return "\(nanoseconds / unit)\(name)"
        }
        return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns"
    }

    private static let descending: [(String, Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
    ]
    private static let units: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
}
