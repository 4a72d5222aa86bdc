import Bytes

// Rules.  What came twice is kept once and gets a number; what came once is not kept at all. Numbers stay good as long
//         as the table lives. It takes 4,096 entries and a quarter of a million bytes; after that it only looks up.
// Theory. The calls of one client differ in a few header fields, and those of a service in a few more: most lines of a
//         journal have been there before. A line is taken at its second sighting, or request ids, which never come
//         again, would fill the table; the first sighting leaves four bytes of its hash behind.

/// Texts that come again and again, for a journal that keeps them once.
struct LineTable {
    private struct Entry {
        var start: Int32
        var count: Int32
        var hash: UInt32
    }

    /// Below this a number saves nothing; above it lines are rare, and rarely the same.
    static let lengths = 4...1_024
    private static let maximumEntries = 4_096
    private static let maximumBytes = 262_144
    private static let probes = 8

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// By hash: the number of an entry and one more, 0 for none.
    private var index: [UInt16] = []
    private var sightings: [UInt32] = []

    var count: Int { entries.count }

    /// The number of a line that was there before.
    mutating func number(of line: Span<UInt8>) -> Int? {
        guard line.count >= Self.lengths.lowerBound, line.count <= Self.lengths.upperBound else { return nil }
        if index.isEmpty { makeRoom() }
        let hash = Self.hash(line)
        var free: Int?
        for probe in 0..<Self.probes {
            let place = (Int(hash) &+ probe) & (index.count - 1)
            guard index[place] > 0 else {
                free = place
                break
            }
            let number = Int(index[place]) - 1
            if entries[number].hash == hash, isSame(number, line) { return number }
        }
        return free.flatMap { take(line, hash, at: $0) }
    }

    /// The line of this number.
    func append(_ number: Int, to buffer: inout [UInt8]) {
        guard entries.indices.contains(number) else { return }
        let entry = entries[number]
        buffer.append(contentsOf: bytes[Int(entry.start)..<Int(entry.start + entry.count)])
    }

    /// Takes a line that was sighted before; otherwise only sights it.
    private mutating func take(_ line: Span<UInt8>, _ hash: UInt32, at place: Int) -> Int? {
        let sighting = Int(hash >> 8) & (sightings.count - 1)
        guard sightings[sighting] == hash else {
            sightings[sighting] = hash
            return nil
        }
        guard entries.count < Self.maximumEntries, bytes.count + line.count <= Self.maximumBytes else { return nil }
        entries.append(Entry(start: Int32(bytes.count), count: Int32(line.count), hash: hash))
        line.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        index[place] = UInt16(entries.count)
        return entries.count - 1
    }

    private mutating func makeRoom() {
        index = [UInt16](repeating: 0, count: Self.maximumEntries * 2)
        sightings = [UInt32](repeating: 0, count: Self.maximumEntries)
    }

    private func isSame(_ number: Int, _ line: Span<UInt8>) -> Bool {
        let entry = entries[number]
        return ByteSearch.equal(bytes.span.extracting(Int(entry.start)..<Int(entry.start + entry.count)), line)
    }

    /// Eight bytes a step. Who wants collisions can have them: they cost eight probes, and the line is then kept as it is.
    private static func hash(_ line: Span<UInt8>) -> UInt32 {
        let words = line.bytes
        var hash = UInt64(line.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= words.byteCount {
            mix(&hash, words.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < line.count {
            rest = rest << 8 | UInt64(line[offset])
            offset += 1
        }
        mix(&hash, rest)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32) | 1
    }

    @inline(__always) private static func mix(_ hash: inout UInt64, _ word: UInt64) {
        hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 29
    }
}
