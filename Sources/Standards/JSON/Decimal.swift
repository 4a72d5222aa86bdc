import Bytes

/// A number literal without the freedom of writing it: no zeros at either end, and where the point stands.
package struct Decimal: Equatable, Sendable {
    var isNegative: Bool
    var digits: [UInt8]
    /// The power of ten of the last digit.
    var exponent: Int

    /// Nil when the exponent is beyond all reason.
    package init?(_ literal: String) {
        var text = Array(literal.utf8)[...]
        isNegative = text.first == UInt8(ascii: "-")
        if isNegative { text = text.dropFirst() }
        exponent = 0
        if let mark = text.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            guard let power = Self.power(text[(mark + 1)...]) else { return nil }
            exponent = power
            text = text[..<mark]
        }
        if let point = text.firstIndex(of: UInt8(ascii: ".")) { exponent -= text.endIndex - point - 1 }
        digits = text.filter { $0 != UInt8(ascii: ".") }.drop { $0 == UInt8(ascii: "0") }.map { $0 }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    private static func power(_ text: ArraySlice<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        return ASCII.decimal(digits).map { isNegative ? -$0 : $0 }
    }
}

extension Decimal: CustomStringConvertible {
    /// `-125e-2`: the same for every spelling of a number.
    package var description: String {
        let digits = String(decoding: digits, as: UTF8.self)
        return (isNegative ? "-" : "") + (digits.isEmpty ? "0" : digits) + (exponent == 0 ? "" : "e\(exponent)")
    }
}
