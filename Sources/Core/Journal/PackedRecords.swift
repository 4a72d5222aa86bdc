import Bytes

// Rules.  A record that agrees with an earlier one over a quarter of its length or more is kept as what differs: how much
//         to copy, how much to leave out, and the bytes between, again and again. The earlier one is its model. A record
//         becomes a model when the next of its form is like it. Of one form are those whose parts between bodies are as
//         long as the other's: what has the same fields nearly always. Models stay as long as a page refers to their list;
//         a full list is followed by a new one.
// Theory. The calls of one program are alike: they say the same in the same order, and differ in a session, a date, an id,
//         a body. So records of one form are compared place by place, and their bodies from both ends; looking for likeness
//         anywhere else costs twenty times as much and finds little.
// Table.  | packed    | means                                                                               |
//         |-----------|-------------------------------------------------------------------------------------|
//         | 0         | the record as it is follows                                                         |
//         | model + 1 | steps follow                                                                        |
//         | a step    | how much to copy; how much to add, twice, and 1 if not as much is left out; how much |
//         |           | is left out, only then; what to add                                                  |

/// The records that others are told by.
final class RecordModels {
    private(set) var records: [RecordModel] = []
    private(set) var byteCount = 0

    func append(_ record: RecordModel) {
        records.append(record)
        byteCount += record.bytes.count
    }
}

struct RecordModel {
    /// Without a body that is large.
    var bytes: [UInt8] = []
    var bodies = RecordBodies()
}

/// Where the bodies stand in a record, their tags and lengths included: the only fields whose length its form leaves open.
struct RecordBodies: Equatable {
    var request = 0..<0
    var reply = 0..<0
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
        let base = page.models.records[number - 1].bytes
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
    /// A larger body is no part of a model: such bodies are rare, and rarely alike. Nor is a larger record one.
    private static let largestBody = 4_096
    private static let largestModel = 32_768

    private(set) var models = RecordModels()
    private var slots: [ModelSlot] = []
    /// The steps that were found last, in room that is used again.
    private var steps: [UInt8] = []
    private var page: RecordPage?

    /// `shortCount` bytes of it are short fields.
    mutating func pack(_ record: [UInt8], _ bodies: RecordBodies, shortCount: Int) -> PackedRecord {
        if slots.isEmpty || models.byteCount > Self.mostModelBytes {
            models = RecordModels()
            slots = Array(repeating: ModelSlot(), count: Self.slotCount)
        }
        let form = Self.form(of: record.count, bodies, shortCount: shortCount)
        // Everything has a hand in the upper bits of a product (Knuth's multiplicative hashing).
        let slot = Int((form &* 2_654_435_769) >> 25) % Self.slotCount
        if slots[slot].form != form { slots[slot] = ModelSlot(form: form) }
        if slots[slot].model >= 0, find(record, bodies, models.records[slots[slot].model]) {
            return put(slots[slot].model + 1, steps)
        }
        if let latest = slots[slot].latest, find(record, bodies, latest) {
            slots[slot].model = models.records.count
            models.append(latest)
            slots[slot].latest = nil
            return put(models.records.count, steps)
        }
        slots[slot].latest = Self.model(record, bodies)
        return put(0, record)
    }

    /// Puts the bytes of a later event on a page, as they are.
    mutating func put(_ event: [UInt8]) -> PackedRecord { put(0, event) }

    private mutating func find(_ record: [UInt8], _ bodies: RecordBodies, _ model: RecordModel) -> Bool {
        steps.removeAll(keepingCapacity: steps.capacity <= 262_144)
        let record = record.span
        var isAlike = false
        steps.append(addingCapacity: RecordDifference.room(for: record.count)) { steps in
            var difference = RecordDifference()
            isAlike = difference.find(record, bodies, model, &steps)
        }
        return isAlike && steps.count * 4 <= record.count * 3
    }

    private mutating func put(_ model: Int, _ bytes: [UInt8]) -> PackedRecord {
        let count = bytes.count + RecordEntry.overhead
        if let page, page.models === models, page.hasRoom(for: count) { return page.append(model: model, bytes) }
        let next = RecordPage(models, capacity: max(RecordPage.size, count))
        page = next
        return next.append(model: model, bytes)
    }

    private static func form(of count: Int, _ bodies: RecordBodies, shortCount: Int) -> UInt32 {
        let parts = (
            shortCount, bodies.request.lowerBound, bodies.reply.lowerBound - bodies.request.upperBound,
            count - bodies.reply.upperBound
        )
        var form: UInt32 = 2_166_136_261
        form = (form ^ UInt32(truncatingIfNeeded: parts.0)) &* 16_777_619
        form = (form ^ UInt32(truncatingIfNeeded: parts.1)) &* 16_777_619
        form = (form ^ UInt32(truncatingIfNeeded: parts.2)) &* 16_777_619
        form = (form ^ UInt32(truncatingIfNeeded: parts.3)) &* 16_777_619
        return form | 1
    }

    private static func model(_ record: [UInt8], _ bodies: RecordBodies) -> RecordModel? {
        var model = RecordModel()
        func keep(_ body: Range<Int>) -> Range<Int> {
            let start = model.bytes.count
            if body.count <= largestBody { model.bytes += record[body] }
            return start..<model.bytes.count
        }
        guard record.count - bodies.request.count - bodies.reply.count <= largestModel else { return nil }
        model.bytes += record[..<bodies.request.lowerBound]
        model.bodies.request = keep(bodies.request)
        model.bytes += record[bodies.request.upperBound..<max(bodies.request.upperBound, bodies.reply.lowerBound)]
        model.bodies.reply = keep(bodies.reply)
        model.bytes += record[max(bodies.request.upperBound, bodies.reply.upperBound)...]
        return model
    }
}

/// What records of one form are told by.
private struct ModelSlot {
    /// 0 while there is none.
    var form: UInt32 = 0
    /// Its place among the models, or -1.
    var model = -1
    /// The latest that was like none.
    var latest: RecordModel?
}
