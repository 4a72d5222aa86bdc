import Bytes

// Rules.  A secret that the library knows by its code has its name there. A name that is free stays; one that is another
//         secret's becomes the next number that stands in neither. Codes under another key are equal to none, so all
//         that clash are renamed. A name without a code is nobody's that could be known: it stays, and its number is
//         not given to another secret.

/// What the pseudonyms of a library become in another that it is added to.
package struct PseudonymMerging {
    private var known: [ByteKey: PseudonymName] = [:]
    private var taken: Set<PseudonymName> = []
    /// Of each kind the last number that stands anywhere.
    private var last: [String: Int] = [:]
    /// The last that the library kept of names without a code: none up to it is free.
    private var reserved: [String: Int] = [:]
    /// The same with what came since.
    private var unknown: [String: Int] = [:]
    private var added: [Pseudonyms.Entry] = []

    /// `standing` are the names that stand in the library's texts.
    package init(entries: [Pseudonyms.Entry], standing: Set<PseudonymName>) {
        for entry in entries {
            if entry.code.isEmpty {
                reserved[entry.kind] = max(reserved[entry.kind] ?? 0, entry.number)
                unknown[entry.kind] = reserved[entry.kind]
            } else {
                known[ByteKey(entry.code)] = PseudonymName(entry.kind, entry.number)
            }
            take(PseudonymName(entry.kind, entry.number))
        }
        note(standing)
    }

    /// What is renamed of a library that has these entries, and these names in its texts.
    package mutating func add(
        _ entries: [Pseudonyms.Entry], standing: Set<PseudonymName>
    ) -> [PseudonymName: PseudonymName] {
        let entries = entries.filter { !$0.code.isEmpty }
        let own = entries.map { PseudonymName($0.kind, $0.number) }
        note(standing.subtracting(own))
        // A number that is made is neither one of this library nor one of that.
        for name in own { last[name.kind] = max(last[name.kind] ?? 0, name.number) }
        var renamed: [PseudonymName: PseudonymName] = [:]
        for (entry, old) in zip(entries, own) {
            let new = known[ByteKey(entry.code)] ?? give(old, to: entry.code)
            if new != old { renamed[old] = new }
        }
        return renamed
    }

    /// What the library keeps of those that came: of names without a code the last of each kind.
    package mutating func takeAdded() -> [Pseudonyms.Entry] {
        defer { added = [] }
        return added + unknown.map { Pseudonyms.Entry(kind: $0, number: $1, code: []) }
    }

    private mutating func give(_ old: PseudonymName, to code: [UInt8]) -> PseudonymName {
        let isFree = !taken.contains(old) && old.number > reserved[old.kind] ?? 0
        let name = isFree ? old : PseudonymName(old.kind, (last[old.kind] ?? 0) + 1)
        take(name)
        known[ByteKey(code)] = name
        added.append(Pseudonyms.Entry(kind: name.kind, number: name.number, code: code))
        return name
    }

    private mutating func note(_ standing: Set<PseudonymName>) {
        for name in standing where !taken.contains(name) {
            take(name)
            unknown[name.kind] = max(unknown[name.kind] ?? 0, name.number)
        }
    }

    private mutating func take(_ name: PseudonymName) {
        taken.insert(name)
        last[name.kind] = max(last[name.kind] ?? 0, name.number)
    }
}
