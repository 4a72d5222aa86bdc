import Bytes
import JSON

/// The texts that may hide in a text: behind percent signs, behind backslashes, and in base64. For the final scan, which
/// only reads.
enum Undoing {
    static func all(of text: [UInt8]) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        if text.contains(UInt8(ascii: "%")) { texts.append(percent(text)) }
        if text.contains(UInt8(ascii: "\\")) { texts.append(backslashes(text)) }
        for word in text.split(whereSeparator: { !isBase64($0) }) where word.count >= 11 {
            let decoded = base64(Array(word))
            let readable = decoded.count { $0 >= 0x20 && $0 < 0x7F }
            if readable * 10 >= decoded.count * 6, !decoded.isEmpty { texts.append(decoded) }
        }
        return texts.filter { $0 != text }
    }

    private static func percent(_ text: [UInt8]) -> [UInt8] {
        var parts = text.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        var decoded = Array(parts.removeFirst())
        for part in parts {
            if let byte = PercentEncoding.decode([UInt8(ascii: "%")] + part.prefix(2)), byte.count == 1 {
                decoded += byte + part.dropFirst(2)
            } else {
                decoded += [UInt8(ascii: "%")] + part
            }
        }
        return decoded
    }

    private static func backslashes(_ text: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = text[...]
        while let slash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            decoded += rest[..<slash]
            rest = rest[(slash + 1)...]
            guard let letter = rest.popFirst() else { break }
            if letter == UInt8(ascii: "u"), let code = unit(rest) {
                rest = rest.dropFirst(4)
                // The two halves of what lies beyond the first plane.
                let isPair = code & 0xFC00 == 0xD800 && rest.starts(with: #"\u"#.utf8)
                if isPair, let low = unit(rest.dropFirst(2)), low & 0xFC00 == 0xDC00 {
                    decoded += Array(String(decoding: [code, low], as: UTF16.self).utf8)
                    rest = rest.dropFirst(6)
                } else {
                    decoded += Array(String(decoding: [code], as: UTF16.self).utf8)
                }
            } else {
                let controls: [UInt8: UInt8] = [0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09]
                decoded.append(controls[letter] ?? letter)
            }
        }
        return decoded + rest
    }

    private static func unit(_ text: ArraySlice<UInt8>) -> UInt16? {
        let digits = text.prefix(4)
        return digits.count == 4 && digits.allSatisfy { Hex.value(of: $0) != nil }
            ? UInt16(String(lossy: digits), radix: 16) : nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "+/-_".utf8.contains(byte)
    }

    private static func base64(_ word: [UInt8]) -> [UInt8] {
        let standard = word.map { $0 == 0x2D ? 0x2B : $0 == 0x5F ? 0x2F : $0 }
        // One letter alone is no byte, and what is left of the last bits may be anything.
        let whole = standard.prefix(standard.count / 4 * 4)
        let rest = standard.dropFirst(whole.count)
        var decoded = Base64.standard.decode(whole) ?? []
        if rest.count >= 2, let last = Base64.standard.decode(rest + [UInt8](repeating: 0x41, count: 4 - rest.count)) {
            decoded += last.prefix(rest.count - 1)
        }
        return decoded
    }
}
