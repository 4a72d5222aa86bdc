/// Finds the steps that make one record of another of its form.
struct RecordDifference {
    private var copied = 0
    private var added = 0..<0
    private var skipped = 0

    /// Fewer bytes than this that are the same between others that differ are not worth a step.
    private static let least = 8

    /// What the steps take at most: every byte, and three numbers a step.
    static func room(for count: Int) -> Int { count + (count / least + 64) * 15 }

    /// False when the two are not of one form after all.
    mutating func find(
        _ record: Span<UInt8>, _ bodies: RecordBodies, _ model: RecordModel, _ steps: inout OutputSpan<UInt8>
    ) -> Bool {
        let (bytes, others) = (model.bytes.span, model.bodies)
        let (middle, otherMiddle) = (
            bodies.request.upperBound..<bodies.reply.lowerBound, others.request.upperBound..<others.reply.lowerBound
        )
        guard bodies.request.lowerBound == others.request.lowerBound, middle.count == otherMiddle.count,
            record.count - bodies.reply.upperBound == bytes.count - others.reply.upperBound
        else { return false }
        compare(0..<bodies.request.lowerBound, 0, record, bytes, &steps)
        compareEnds(bodies.request, others.request, record, bytes, &steps)
        compare(middle, otherMiddle.lowerBound, record, bytes, &steps)
        compareEnds(bodies.reply, others.reply, record, bytes, &steps)
        compare(bodies.reply.upperBound..<record.count, others.reply.upperBound, record, bytes, &steps)
        if copied > 0 || !added.isEmpty { step(record, &steps) }
        return true
    }

    /// Place by place.
    private mutating func compare(
        _ range: Range<Int>, _ origin: Int, _ record: Span<UInt8>, _ model: Span<UInt8>,
        _ steps: inout OutputSpan<UInt8>
    ) {
        let (here, there) = (record.extracting(range), model.extracting(origin..<origin + range.count))
        var at = 0
        while at < here.count {
            let end = Self.end(from: at, here, there)
            same(range.lowerBound + at..<range.lowerBound + end, record, &steps)
            at = Self.next(from: end, here, there)
            differ(range.lowerBound + end..<range.lowerBound + at, skipping: at - end)
        }
    }

    /// From both ends.
    private mutating func compareEnds(
        _ range: Range<Int>, _ other: Range<Int>, _ record: Span<UInt8>, _ model: Span<UInt8>,
        _ steps: inout OutputSpan<UInt8>
    ) {
        let (here, there) = (record.extracting(range), model.extracting(other))
        let most = min(here.count, there.count)
        let prefix = Self.end(from: 0, here.extracting(first: most), there.extracting(first: most))
        let suffix = Self.sameAtEnd(here, there, most: most - prefix)
        let (start, end) = (range.lowerBound + prefix, range.upperBound - suffix)
        same(range.lowerBound..<start, record, &steps)
        differ(start..<end, skipping: other.count - prefix - suffix)
        same(end..<range.upperBound, record, &steps)
    }

    /// Where the two, equally long, agree no more.
    private static func end(from start: Int, _ here: Span<UInt8>, _ there: Span<UInt8>) -> Int {
        precondition(start >= 0 && here.count == there.count, "two that are not equally long")
        return here.withUnsafeBytes { left in
            there.withUnsafeBytes { right in
                var at = start
                // Records agree over long stretches: those are looked at in strides.
                while at &+ 32 <= left.count,
                    differs(left, right, at) | differs(left, right, at &+ 8) | differs(left, right, at &+ 16)
                        | differs(left, right, at &+ 24) == 0
                { at &+= 32 }
                while at &+ 8 <= left.count {
                    let difference = differs(left, right, at)
                    if difference != 0 { return at &+ UInt64(littleEndian: difference).trailingZeroBitCount / 8 }
                    at &+= 8
                }
                while at < left.count, left[at] == right[at] { at &+= 1 }
                return at
            }
        }
    }

    /// How many bytes at the ends of both are the same: `most` at most.
    private static func sameAtEnd(_ here: Span<UInt8>, _ there: Span<UInt8>, most: Int) -> Int {
        precondition(most <= here.count && most <= there.count, "more than one of the two has")
        return here.withUnsafeBytes { left in
            there.withUnsafeBytes { right in
                let (leftEnd, rightEnd) = (left.count, right.count)
                var count = 0
                while count &+ 8 <= most {
                    let difference = word(left, leftEnd &- count &- 8) ^ word(right, rightEnd &- count &- 8)
                    if difference != 0 { return count &+ UInt64(littleEndian: difference).leadingZeroBitCount / 8 }
                    count &+= 8
                }
                while count < most, left[leftEnd &- count &- 1] == right[rightEnd &- count &- 1] { count &+= 1 }
                return count
            }
        }
    }

    /// Where they agree again over a word, or their end.
    private static func next(from start: Int, _ here: Span<UInt8>, _ there: Span<UInt8>) -> Int {
        precondition(start >= 0 && here.count == there.count, "two that are not equally long")
        return here.withUnsafeBytes { left in
            there.withUnsafeBytes { right in
                var at = start
                while at &+ least <= left.count {
                    let difference = word(left, at) ^ word(right, at)
                    if difference == 0 { return at }
                    // The last byte that differs cannot be inside the next word that agrees.
                    at &+= least &- UInt64(littleEndian: difference).leadingZeroBitCount / 8
                }
                return left.count
            }
        }
    }

    @inline(__always) private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    }

    @inline(__always) private static func differs(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ place: Int
    ) -> UInt64 {
        word(left, place) ^ word(right, place)
    }

    private mutating func same(_ range: Range<Int>, _ record: Span<UInt8>, _ steps: inout OutputSpan<UInt8>) {
        if range.isEmpty { return }
        if !added.isEmpty, range.count < Self.least { return differ(range, skipping: range.count) }
        if !added.isEmpty || skipped > 0 { step(record, &steps) }
        copied += range.count
    }

    private mutating func differ(_ range: Range<Int>, skipping count: Int) {
        added = added.isEmpty ? range : added.lowerBound..<range.upperBound
        skipped += count
    }

    private mutating func step(_ record: Span<UInt8>, _ steps: inout OutputSpan<UInt8>) {
        steps.append(leb: UInt64(copied))
        let skips = skipped != added.count
        steps.append(leb: UInt64(added.count << 1 | (skips ? 1 : 0)))
        if skips { steps.append(leb: UInt64(skipped)) }
        steps.append(record.extracting(added))
        (copied, added, skipped) = (0, 0..<0, 0)
    }
}
