import Foundation

/// The tables of `fixtures/http`: a conversation a line, columns separated by tabs.
public enum WireFixtures {
    public static func rows(_ path: String) throws -> [[String]] {
        let text = try String(contentsOf: Vectors.repository.appending(path: "fixtures/\(path)"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The bytes that a cell stands for: `\r`, `\n`, `\t`, `\\`, `\xNN`, and `<<text*300>>` for repeats.
    public static func bytes(_ cell: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Substring(cell)
        while let start = rest.range(of: "<<"), let end = rest.range(of: ">>"),
            let star = rest[..<end.lowerBound].lastIndex(of: "*")
        {
            bytes += unescaped(rest[..<start.lowerBound])
            let count = Int(rest[rest.index(after: star)..<end.lowerBound]) ?? 0
            let piece = unescaped(rest[start.upperBound..<star])
            for _ in 0..<count { bytes += piece }
            rest = rest[end.upperBound...]
        }
        return bytes + unescaped(rest)
    }

    private static func unescaped(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var characters = text.utf8.makeIterator()
        while let character = characters.next() {
            guard character == UInt8(ascii: "\\"), let kind = characters.next() else {
                bytes.append(character)
                continue
            }
            switch kind {
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "x"):
                let digits = [characters.next(), characters.next()].compactMap { $0 }
                bytes.append(UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0)
            default: bytes.append(kind)
            }
        }
        return bytes
    }
}

/// The ways to cut `count` bytes in pieces that a wire test tries: whole, byte by byte, and in two at every place.
public enum Cuts {
    public static func all(of count: Int) -> [[Range<Int>]] {
        [[0..<count], (0..<count).map { $0..<$0 + 1 }] + inTwo(count)
    }

    public static func inTwo(_ count: Int) -> [[Range<Int>]] {
        guard count > 1 else { return [] }
        return (1..<count).map { [0..<$0, $0..<count] }
    }
}
