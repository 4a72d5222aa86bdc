import JSON
import Time

/// How figures are written: as many digits as they deserve, and none that comes from the binary.
package enum Figure {
    /// Four digits after the point, without trailing zeros.
    static func number(_ value: Double, digits: Int = 4) -> Value { .number(decimal(value, digits: digits)) }

    static func number(_ value: Double?) -> Value { value.map { number($0) } ?? .null }

    /// A probability: `0.0123`, `2.1e-9`.
    static func chance(_ value: Double) -> Value { .number(scientific(value)) }

    /// `1.5 s`, `250 ms`, `12 min`.
    package static func time(_ seconds: Double) -> String {
        if seconds < 0 { return "-" + time(-seconds) }
        if seconds < 0.9995 { return "\(decimal(seconds * 1_000, digits: seconds < 0.01 ? 1 : 0)) ms" }
        if seconds < 600 { return "\(decimal(seconds, digits: seconds < 10 ? 2 : 1)) s" }
        return "\(decimal(seconds / 60, digits: 1)) min"
    }

    static func percent(_ share: Double) -> String {
        if share > 0, share < 0.001 { return scientific(share * 100) + " %" }
        return decimal(share * 100, digits: share < 0.1 ? 2 : 1) + " %"
    }

    package static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value.isNaN ? "0" : value < 0 ? "-1e15" : "1e15" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let isSmall = abs(value) < 9e18 / scale
        guard isSmall else { return String(Int64(value)) }
        let scaled = Int64(abs(value) * scale + 0.5)
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int64(scale))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        var text = Array(String(rest + Int64(scale)).utf8.dropFirst())
        while text.last == UInt8(ascii: "0") { text.removeLast() }
        return "\(sign)\(whole).\(String(decoding: text, as: UTF8.self))"
    }

    /// Two digits and an exponent, for what is too small to be written out.
    static func scientific(_ value: Double) -> String {
        guard value.isFinite, value > 0 else { return "0" }
        if value >= 0.001 { return decimal(value, digits: 4) }
        var (mantissa, exponent) = (value, 0)
        while mantissa < 1, exponent > -320 {
            mantissa *= 10
            exponent -= 1
        }
        let digits = decimal(mantissa, digits: 1)
        return digits == "10" ? "1e\(exponent + 1)" : "\(digits)e\(exponent)"
    }
}

extension Instant {
    /// Seconds from `earlier` to this one.
    func seconds(after earlier: Instant) -> Double { Double(nanoseconds - earlier.nanoseconds) / 1e9 }

    func adding(seconds: Double) -> Instant {
        let most = 9.2e9
        return Instant(nanoseconds: nanoseconds &+ Int64(max(-most, min(most, seconds)) * 1e9))
    }
}

extension Duration {
    var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
