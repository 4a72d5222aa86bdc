import Bytes
import JSON

// Rules.  A secret is found as it stands and as JSON writes it; where several begin at one place, the longest counts.
// Theory. They are sorted, so that all that may begin at a place lead from one: the last that is not behind the text
//         there, and of that the secrets that it begins with. A body may hold thousands, and its answer is read once.

/// Secrets that an answer may repeat, looked for all at once.
struct RepeatedSecrets {
    /// What is more is not looked for: so many bytes of secrets are a file.
    private static let most = 65_536

    private var secrets: [[UInt8]] = []
    /// Of each, which other one it begins with, the longest; -1 for none.
    private var beginnings: [Int] = []
    /// Which bytes one begins with.
    private var isFirst: [Bool] = []
    private var total = 0

    var isEmpty: Bool { secrets.isEmpty }

    mutating func removeAll() { if !isEmpty { self = RepeatedSecrets() } }

    mutating func add(_ secret: [UInt8]) {
        append(secret)
        let isEscaped = secret.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        guard isEscaped else { return }
        append(Array(Value.string(String(lossy: secret)).compact.dropFirst().dropLast()))
    }

    private mutating func append(_ secret: [UInt8]) {
        guard !secret.isEmpty, total + secret.count <= Self.most else { return }
        total += secret.count
        secrets.append(secret)
    }

    /// Before it is searched for those that were added.
    mutating func arrange() {
        secrets = Set(secrets).sorted { $0.lexicographicallyPrecedes($1) }
        isFirst = Array(repeating: false, count: 256)
        beginnings = []
        var open: [Int] = []
        for (index, secret) in secrets.enumerated() {
            isFirst[Int(secret[0])] = true
            while let last = open.last, !secret.starts(with: secrets[last]) { open.removeLast() }
            beginnings.append(open.last ?? -1)
            open.append(index)
        }
    }

    func find(in text: Span<UInt8>, _ places: inout [Range<Int>]) {
        var at = 0
        while at < text.count {
            if isFirst[Int(text[at])], let length = longest(in: text, at) {
                places.append(at..<at + length)
                at += length
            } else {
                at += 1
            }
        }
    }

    private func longest(in text: Span<UInt8>, _ place: Int) -> Int? {
        var (low, high) = (0, secrets.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.isBehind(secrets[middle], text, place) { high = middle } else { low = middle + 1 }
        }
        var candidate = low - 1
        while candidate >= 0 {
            let secret = secrets[candidate]
            let end = place + secret.count
            if end <= text.count, ByteSearch.equal(text.extracting(place..<end), secret.span) { return secret.count }
            candidate = beginnings[candidate]
        }
        return nil
    }

    /// Whether a secret is sorted behind the text that begins here.
    private static func isBehind(_ secret: [UInt8], _ text: Span<UInt8>, _ place: Int) -> Bool {
        let shared = min(secret.count, text.count - place)
        for index in 0..<shared where secret[index] != text[place + index] {
            return secret[index] > text[place + index]
        }
        return secret.count > shared
    }
}
