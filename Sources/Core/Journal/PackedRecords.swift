import Bytes

// Rules.  A record that agrees with an earlier one over a quarter of its length or more is kept as what differs: how much
//         to copy, how much to leave out, and the bytes between, again and again. The earlier one is its model. A record
//         becomes a model when the next of its form is like it: the same fields, of the same lengths but for bodies.
//         Models stay as long as a page refers to their list; a full list is followed by a new one.
// Theory. The calls of one program are alike: they say the same in the same order, and differ in a session, a date, an id,
//         a body. So fields are compared with their counterparts, place by place where they are equally long, from both
//         ends where they are not; looking for likeness anywhere else costs twenty times as much and finds little.
// Table.  | packed    | means                                                                               |
//         |-----------|-------------------------------------------------------------------------------------|
//         | 0         | the record as it is follows                                                         |
//         | model + 1 | steps follow                                                                        |
//         | a step    | how much to copy; how much to add, twice, and 1 if not as much is left out; how much |
//         |           | is left out, only then; what to add                                                  |

/// The records that others are told by.
final class RecordModels {
    private(set) var records: [[UInt8]] = []
    private(set) var byteCount = 0

    func append(_ record: [UInt8]) {
        records.append(record)
        byteCount += record.count
    }
}

/// Room for many packed records, one behind the other: taken from memory and given back as a whole, so that a call that
/// comes and one that is pushed out allocate and free nothing.
final class RecordPage {
    static let size = 262_144

    let models: RecordModels
    private(set) var bytes: [UInt8] = []

    init(_ models: RecordModels, capacity: Int = size) {
        self.models = models
        bytes.reserveCapacity(capacity)
    }

    func hasRoom(for count: Int) -> Bool { bytes.capacity - bytes.count >= count }

    func append(model: Int, _ more: borrowing [UInt8]) -> PackedRecord {
        let start = bytes.count
        bytes.append(leb: model)
        bytes.append(more.span)
        return PackedRecord(self, start..<bytes.count)
    }
}

/// Where a packed record lies.
struct PackedRecord {
    private let page: RecordPage
    private let start: UInt32
    private let length: UInt32

    init(_ page: RecordPage, _ range: Range<Int>) {
        (self.page, start, length) = (page, UInt32(range.lowerBound), UInt32(range.count))
    }

    var count: Int { Int(length) }

    /// Appends the record, or its beginning: what stands behind `most` bytes may be left out.
    func unpack(to record: inout [UInt8], most: Int = .max) {
        let bytes = page.bytes
        let packed = bytes.span
        let end = Int(start) + count
        var place = Int(start)
        let number = Int(RecordNumber.read(packed, &place))
        guard number > 0 else {
            return record.append(packed.extracting(place..<place + min(end - place, most)))
        }
        let base = page.models.records[number - 1]
        let model = base.span
        var from = 0
        let start = record.count
        while place < end, record.count - start < most {
            let copied = Int(RecordNumber.read(packed, &place))
            record.append(model.extracting(from..<from + copied))
            from += copied
            let head = Int(RecordNumber.read(packed, &place))
            let added = head >> 1
            from += head & 1 == 0 ? added : Int(RecordNumber.read(packed, &place))
            record.append(packed.extracting(place..<place + added))
            place += added
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    fileprivate mutating func append(leb number: Int) {
        var rest = number
        while rest > 127 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Packs the records of one log: it knows those that were there before.
struct RecordPacker {
    private static let mostModelBytes = 262_144
    private static let slotCount = 128
    /// What is larger is no part of a model: such fields are rare, and rarely alike.
    private static let largestField = 4_096

    private(set) var models = RecordModels()
    private var slots: [ModelSlot] = []
    private var difference = RecordDifference()
    private var page: RecordPage?

    mutating func pack(_ record: [UInt8]) -> PackedRecord {
        if slots.isEmpty || models.byteCount > Self.mostModelBytes {
            models = RecordModels()
            slots = Array(repeating: ModelSlot(), count: Self.slotCount)
        }
        let form = Self.form(of: record.span)
        let slot = Int(form % UInt32(Self.slotCount))
        if slots[slot].form != form { slots[slot] = ModelSlot(form: form) }
        if slots[slot].model >= 0, find(record, models.records[slots[slot].model]) {
            return put(slots[slot].model + 1, difference.bytes)
        }
        if !slots[slot].latest.isEmpty, find(record, slots[slot].latest) {
            slots[slot].model = models.records.count
            models.append(slots[slot].latest)
            slots[slot].latest = []
            return put(models.records.count, difference.bytes)
        }
        Self.keep(record.span, in: &slots[slot].latest)
        return put(0, record)
    }

    /// Puts the bytes of a later event on a page, as they are.
    mutating func put(_ event: [UInt8]) -> PackedRecord { put(0, event) }

    private mutating func find(_ record: [UInt8], _ model: [UInt8]) -> Bool {
        difference.find(record.span, model.span)
        return difference.bytes.count * 4 <= record.count * 3
    }

    private mutating func put(_ model: Int, _ bytes: [UInt8]) -> PackedRecord {
        let count = bytes.count + RecordEntry.overhead
        if let page, page.models === models, page.hasRoom(for: count) { return page.append(model: model, bytes) }
        let next = RecordPage(models, capacity: max(RecordPage.size, count))
        page = next
        return next.append(model: model, bytes)
    }

    /// Which fields it has, and how long they are; bodies have any length.
    private static func form(of record: Span<UInt8>) -> UInt32 {
        var form: UInt32 = 2_166_136_261
        var place = 0
        while place < record.count {
            let entry = RecordEntry(record, at: place)
            form = (form ^ UInt32(entry.tag)) &* 16_777_619
            if entry.hasFixedLength { form = (form ^ UInt32(truncatingIfNeeded: entry.content.count)) &* 16_777_619 }
            place = entry.end
        }
        return form | 1
    }

    /// As a model keeps it: large fields empty.
    private static func keep(_ record: Span<UInt8>, in model: inout [UInt8]) {
        model.removeAll(keepingCapacity: true)
        var place = 0
        while place < record.count {
            let entry = RecordEntry(record, at: place)
            if entry.content.count <= largestField {
                model.append(record.extracting(place..<entry.end))
            } else {
                model.append(entry.tag)
                model.append(0)
            }
            place = entry.end
        }
    }
}

extension RecordEntry {
    fileprivate var hasFixedLength: Bool {
        switch field {
        case .requestBody, .replyBody, .session, nil: false
        default: content.count > 0
        }
    }
}

/// What records of one form are told by.
private struct ModelSlot {
    /// 0 while there is none.
    var form: UInt32 = 0
    /// Its place among the models, or -1.
    var model = -1
    /// The latest that was like none.
    var latest: [UInt8] = []
}

/// The steps that make one record of another.
private struct RecordDifference {
    private(set) var bytes: [UInt8] = []
    private var copied = 0
    private var added = 0..<0
    private var skipped = 0
    /// Fewer bytes than this that are the same between others that differ are not worth a step.
    private static let least = 4

    mutating func find(_ record: Span<UInt8>, _ model: Span<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        (copied, added, skipped) = (0, 0..<0, 0)
        var (at, from) = (0, 0)
        while at < record.count {
            guard from < model.count else {
                differ(at..<record.count, skipping: 0)
                break
            }
            let (entry, other) = (RecordEntry(record, at: at), RecordEntry(model, at: from))
            if entry.tag == other.tag {
                compare(at..<entry.end, from..<other.end, record, model)
                (at, from) = (entry.end, other.end)
            } else if entry.rank < other.rank {
                differ(at..<entry.end, skipping: 0)
                at = entry.end
            } else {
                differ(at..<at, skipping: other.end - from)
                from = other.end
            }
        }
        if copied > 0 || !added.isEmpty { step(record) }
    }

    private mutating func compare(
        _ range: Range<Int>, _ other: Range<Int>, _ record: Span<UInt8>, _ model: Span<UInt8>
    ) {
        let (here, there) = (record.extracting(range), model.extracting(other))
        var at = CommonEnds.prefix(here, there)
        same(range.lowerBound..<range.lowerBound + at, record)
        if range.count != other.count {
            let suffix = CommonEnds.suffix(here, there, after: at)
            let end = range.upperBound - suffix
            differ(range.lowerBound + at..<end, skipping: other.count - at - suffix)
            return same(end..<range.upperBound, record)
        }
        while at < here.count {
            let next = Self.next(from: at, here, there)
            differ(range.lowerBound + at..<range.lowerBound + next, skipping: next - at)
            at = next + CommonEnds.prefix(here.extracting(next...), there.extracting(next...))
            same(range.lowerBound + next..<range.lowerBound + at, record)
        }
    }

    /// Where the two agree again over four bytes, or their end.
    private static func next(from start: Int, _ here: Span<UInt8>, _ there: Span<UInt8>) -> Int {
        var at = start
        let (left, right) = (here.bytes, there.bytes)
        while at + least <= here.count {
            let difference =
                left.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)
                ^ right.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)
            if difference == 0 { return at }
            // The last byte that differs cannot be inside the next four that agree.
            at += 4 - UInt32(littleEndian: difference).leadingZeroBitCount / 8
        }
        return here.count
    }

    private mutating func same(_ range: Range<Int>, _ record: Span<UInt8>) {
        if range.isEmpty { return }
        if !added.isEmpty, range.count < Self.least { return differ(range, skipping: range.count) }
        if !added.isEmpty || skipped > 0 { step(record) }
        copied += range.count
    }

    private mutating func differ(_ range: Range<Int>, skipping count: Int) {
        added = added.isEmpty ? range : added.lowerBound..<range.upperBound
        skipped += count
    }

    private mutating func step(_ record: Span<UInt8>) {
        bytes.append(leb: copied)
        let skips = skipped != added.count
        bytes.append(leb: added.count << 1 | (skips ? 1 : 0))
        if skips { bytes.append(leb: skipped) }
        bytes.append(record.extracting(added))
        (copied, added, skipped) = (0, 0..<0, 0)
    }
}
