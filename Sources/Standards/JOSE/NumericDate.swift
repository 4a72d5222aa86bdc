import JSON

/// RFC 7519 section 2: "A JSON numeric value representing the number of seconds from 1970-01-01T00:00:00Z UTC …;
/// non-integer values can be represented."
package struct NumericDate: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    /// Nil unless it is a number and finite. What lies beyond 64 bits of nanoseconds (the year 2262) becomes the last
    /// moment within: far is far.
    package init?(_ value: JSON.Value) {
        if let seconds = value.integer {
            let (product, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
            nanoseconds = overflow ? (seconds < 0 ? Self.earliest : Self.latest) : product
        } else if let seconds = value.double {
            let product = seconds * 1e9
            nanoseconds =
                product >= Double(Self.latest)
                ? Self.latest
                : product <= Double(Self.earliest) ? Self.earliest : Int64(product)
        } else {
            return nil
        }
    }

    package static func < (left: NumericDate, right: NumericDate) -> Bool { left.nanoseconds < right.nanoseconds }

    private static let latest: Int64 = 9_200_000_000_000_000_000
    private static let earliest: Int64 = -9_200_000_000_000_000_000
}
