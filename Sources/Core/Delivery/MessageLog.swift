/// What was said in a conversation: a few bytes a message, as thousands of conversations are open at once. Of each entry
/// a byte says what it is, then come its size and the microseconds since the one before it, in LEB128, and a note where
/// there is one.
package struct MessageLog: Equatable, Sendable {
    package enum Direction: UInt8, Sendable, CaseIterable {
        case received
        case sent
    }

    package enum Kind: UInt8, Sendable, CaseIterable {
        case text
        case binary
        case close
    }

    package struct Entry: Equatable, Sendable {
        package var direction: Direction
        package var kind: Kind
        /// Of its payload.
        package var bytes: Int
        /// Nanoseconds after the call arrived, in whole microseconds.
        package var at: Int64
        /// The members of a JSON object that tell more of it, without its braces.
        package var note: [UInt8]

        package init(_ direction: Direction, _ kind: Kind, bytes: Int, at: Int64, note: [UInt8] = []) {
            self.direction = direction
            self.kind = kind
            self.bytes = bytes
            self.at = at
            self.note = note
        }
    }

    /// What is beyond these is not kept: a conversation may have a million messages.
    package static let mostEntries = 10_000
    package static let mostBytes = 1 << 18

    /// As they are kept.
    package private(set) var bytes: [UInt8] = []
    package private(set) var count = 0
    private var lastMoment: Int64 = 0

    package init() {}

    /// What `bytes` said before.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
        let entries = entries
        count = entries.count
        lastMoment = (entries.last?.at ?? 0) / 1_000
    }

    package mutating func note(_ entry: Entry) {
        guard count < Self.mostEntries, bytes.count + entry.note.count < Self.mostBytes else { return }
        let moment = max(lastMoment, entry.at / 1_000)
        bytes.append(entry.direction.rawValue | entry.kind.rawValue << 1 | (entry.note.isEmpty ? 0 : 8))
        append(UInt64(max(0, entry.bytes)))
        append(UInt64(moment - lastMoment))
        if !entry.note.isEmpty {
            append(UInt64(entry.note.count))
            bytes += entry.note
        }
        (count, lastMoment) = (count + 1, moment)
    }

    private mutating func append(_ number: UInt64) {
        var rest = number
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// In the order in which they were said. Bytes that are no log end it.
    package var entries: [Entry] {
        var found: [Entry] = []
        var (place, moment) = (0, Int64(0))
        while place < bytes.count {
            let mark = bytes[place]
            place += 1
            guard let direction = Direction(rawValue: mark & 1), let kind = Kind(rawValue: mark >> 1 & 3),
                let size = number(&place), let gap = number(&place),
                let noteCount = mark & 8 == 0 ? 0 : number(&place), noteCount <= UInt64(bytes.count - place)
            else { return found }
            let end = place + Int(noteCount)
            moment &+= Int64(truncatingIfNeeded: gap)
            found.append(
                Entry(
                    direction, kind, bytes: Int(truncatingIfNeeded: size), at: moment &* 1_000,
                    note: Array(bytes[place..<end])))
            place = end
        }
        return found
    }

    private func number(_ place: inout Int) -> UInt64? {
        var (value, shift) = (UInt64(0), UInt64(0))
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        return nil
    }
}
