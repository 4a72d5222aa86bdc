import Bytes
import Crypto

/// What stands in the place of each secret: `[jwt-1]`, the same for the same secret in the whole library.
///
/// A library that is recorded into again has to know its secrets again without holding them. It holds their codes under
/// a key that is not in it: without the key they tell nothing, not even to somebody who guesses the secret.
package struct Pseudonyms: Sendable {
    /// What the library keeps of one. Without a code it is a name whose secret nobody knows: its number is not given again.
    package struct Entry: Equatable, Sendable {
        package let kind: String
        package let number: Int
        package let code: [UInt8]

        package init(kind: String, number: Int, code: [UInt8]) {
            (self.kind, self.number, self.code) = (kind, number, code)
        }
    }

    private let key: HMAC
    private var entries: [ByteKey: Entry] = [:]
    private var last: [String: Int] = [:]
    /// Made since they were last taken, to be kept in the library.
    private var added: [Entry] = []
    /// How many secrets were replaced, each place counted.
    package private(set) var replaced = 0

    package init(key: [UInt8], entries: [Entry]) {
        self.key = HMAC(.sha256, key: key)
        for entry in entries {
            if !entry.code.isEmpty { self.entries[ByteKey(entry.code)] = entry }
            last[entry.kind] = max(last[entry.kind] ?? 0, entry.number)
        }
    }

    /// How many different secrets there are.
    package var count: Int { entries.count }

    package mutating func takeAdded() -> [Entry] {
        defer { added = [] }
        return added
    }

    /// So many places of secrets that are known already.
    mutating func countAgain(_ places: Int) { replaced += places }

    /// Secrets are counted anew: those from before were only looked for.
    package mutating func forgetCount() { replaced = 0 }

    /// A secret keeps the kind under which it was found first, so that it stays one.
    package mutating func pseudonym(for value: [UInt8], _ kind: SecretKind) -> [UInt8] {
        replaced += 1
        let code = Array(key.code(for: value).prefix(16))
        if let entry = entries[ByteKey(code)] { return Self.written(entry) }
        let number = (last[kind.word] ?? 0) + 1
        let entry = Entry(kind: kind.word, number: number, code: code)
        last[kind.word] = number
        entries[ByteKey(code)] = entry
        added.append(entry)
        return Self.written(entry)
    }

    private static func written(_ entry: Entry) -> [UInt8] { Array("[\(entry.kind)-\(entry.number)]".utf8) }
}
