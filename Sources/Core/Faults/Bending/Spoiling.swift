import SplitMix
import JSON

/// JSON that is none any more, in the fewest bytes.
enum JSONBreaking {
    /// Nil when the bytes hold no JSON: a whole text, or the data of an event.
    static func broken(_ bytes: [UInt8]) -> [UInt8]? {
        let end = bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
        guard let start = start(of: bytes, end), (try? Value.parse(Array(bytes[start..<end]))) != nil else {
            return nil
        }
        let closing: [UInt8] = Array("}]\"".utf8)
        if closing.contains(bytes[end - 1]) { return Array(bytes[..<(end - 1)]) + bytes[end...] }
        return bytes[..<end] + [UInt8(ascii: ",")] + bytes[end...]
    }

    /// Where the JSON begins: at the start, or after the `data:` of the last line.
    private static func start(of bytes: [UInt8], _ end: Int) -> Int? {
        guard end > 0 else { return nil }
        let line = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return bytes[line..<end].starts(with: "data:".utf8) ? line + 5 : 0
    }
}

/// Bytes that mean nothing.
enum Garbage {
    /// As many as there were; nil when there were none. The first never occurs in UTF-8.
    static func bytes(insteadOf bytes: [UInt8], _ chance: inout Chance) -> [UInt8]? {
        guard !bytes.isEmpty else { return nil }
        var garbage: [UInt8] = []
        garbage.reserveCapacity(bytes.count + 8)
        while garbage.count < bytes.count {
            var word = chance.next()
            for _ in 0..<8 {
                garbage.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        garbage[0] = 0xFF
        return Array(garbage[..<bytes.count])
    }
}

enum UTF8Split {
    static let reason = "the reply has no character of more than one byte to split"

    /// Inside the first character of more than one byte.
    static func place(in bytes: [UInt8]) -> Int? { bytes.dropFirst().firstIndex { $0 & 0xC0 == 0x80 } }
}
