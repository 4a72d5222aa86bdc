/// Where a regular expression is found in bytes: the leftmost place, and of those that begin there the longest.
///
/// The same simulation as `matches`, in which each thread remembers where it began. Of two threads at one step the one
/// that began earlier stays, so the time is bounded as it is there.
extension RegularExpression {
    /// Every place that overlaps no other, in ascending order; an empty one is none.
    package func places(in bytes: [UInt8]) -> [Range<Int>] {
        let text = ScalarsInBytes(bytes)
        var places: [Range<Int>] = []
        var start = 0
        while start < text.scalars.count, let found = first(in: text, from: start) {
            if !found.isEmpty { places.append(text.offsets[found.lowerBound]..<text.offsets[found.upperBound]) }
            start = max(found.upperBound, found.lowerBound + 1)
        }
        return places
    }

    private func first(in text: ScalarsInBytes, from start: Int) -> Range<Int>? {
        var present = StartedThreads(count: steps.count)
        var coming = StartedThreads(count: steps.count)
        var best: Range<Int>?
        for place in start...text.scalars.count {
            let isOpen = best == nil
            if isOpen { follow(0, begun: place, at: place, text, into: &present, &best) }
            guard place < text.scalars.count, isOpen || !present.list.isEmpty else { break }
            let scalar = text.scalars[place]
            for number in present.list {
                guard case .take(let set) = steps[number], set.contains(scalar) else { continue }
                let begun = present.begun[number]
                if let best, begun > best.lowerBound { continue }
                follow(number + 1, begun: begun, at: place + 1, text, into: &coming, &best)
            }
            swap(&present, &coming)
            coming.clear()
        }
        return best
    }

    private func follow(
        _ first: Int, begun: Int, at place: Int, _ text: ScalarsInBytes, into threads: inout StartedThreads,
        _ best: inout Range<Int>?
    ) {
        var pending = [first]
        while let number = pending.popLast() {
            guard threads.insert(number, begun: begun) else { continue }
            switch steps[number] {
            case .take: break
            case .jump(let target): pending.append(target)
            case .split(let one, let other):
                pending.append(other)
                pending.append(one)
            case .hold(let assertion):
                let before = place > 0 ? text.scalars[place - 1] : nil
                let after = place < text.scalars.count ? text.scalars[place] : nil
                if assertion.holds(before: before, after: after) { pending.append(number + 1) }
            case .found:
                if let known = best, known.lowerBound < begun || known.lowerBound == begun && known.upperBound >= place
                {
                    continue
                }
                best = begun..<place
            }
        }
    }
}

/// Bytes as scalars; what is not UTF-8 is U+FFFD, a byte each.
private struct ScalarsInBytes {
    var scalars: [Unicode.Scalar] = []
    /// Where each begins, and the end behind them.
    var offsets: [Int] = []

    init(_ bytes: [UInt8]) {
        scalars.reserveCapacity(bytes.count)
        offsets.reserveCapacity(bytes.count + 1)
        var at = 0
        while at < bytes.count {
            offsets.append(at)
            let length = Self.length(of: bytes[at])
            let end = min(at + length, bytes.count)
            let text = length > 1 ? String(validating: bytes[at..<end], as: UTF8.self) : nil
            if length == 1 {
                scalars.append(Unicode.Scalar(bytes[at]))
                at += 1
            } else if let scalar = text?.unicodeScalars.first {
                scalars.append(scalar)
                at = end
            } else {
                scalars.append("\u{FFFD}")
                at += 1
            }
        }
        offsets.append(bytes.count)
    }

    private static func length(of byte: UInt8) -> Int { byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2 }
}

/// The steps that are alive at one place, each once, and where its thread began.
private struct StartedThreads {
    var list: [Int] = []
    var begun: [Int]

    init(count: Int) { begun = [Int](repeating: -1, count: count) }

    /// Steps are followed in the order of their beginnings only within one thread; an earlier beginning wins.
    mutating func insert(_ number: Int, begun start: Int) -> Bool {
        if begun[number] < 0 {
            list.append(number)
        } else if begun[number] <= start {
            return false
        }
        begun[number] = start
        return true
    }

    mutating func clear() {
        for number in list { begun[number] = -1 }
        list.removeAll(keepingCapacity: true)
    }
}

/// Where a match of an expression can begin at all: most places of most texts are passed over by one look.
struct ExpressionBeginning: Equatable, Sendable {
    /// At the start of the text and nowhere else.
    private(set) var isAtTextStart = true
    /// Of the first 128 scalars those that can come first, a bit each.
    private var scalars = SIMD2<UInt64>(0, 0)
    /// Whether one of the others can.
    private var isBeyondASCII = false

    init() {}

    init(of steps: [RegularExpression.Step]) {
        var seen: Set<Int> = []
        var pending = [(number: 0, isAtTextStart: false)]
        while let (number, isAtStart) = pending.popLast() {
            guard seen.insert(isAtStart ? number : ~number).inserted else { continue }
            switch steps[number] {
            case .take(let set): add(set, isAtStart)
            case .found: add(ScalarSet().negated(), isAtStart)
            case .jump(let target): pending.append((target, isAtStart))
            case .split(let one, let other): pending += [(one, isAtStart), (other, isAtStart)]
            case .hold(let assertion): pending.append((number + 1, isAtStart || assertion == .textStart))
            }
        }
    }

    private mutating func add(_ set: ScalarSet, _ isAtTextStart: Bool) {
        if !isAtTextStart { self.isAtTextStart = false }
        if set.reachesBeyondASCII { isBeyondASCII = true }
        for number in 0..<128 where set.contains(Unicode.Scalar(UInt8(number))) {
            scalars[number >> 6] |= 1 << UInt64(number & 63)
        }
    }

    /// Whether one can begin before this scalar, or at the end of the text.
    @inline(__always) func mayBe(before scalar: Unicode.Scalar?) -> Bool {
        guard let value = scalar?.value else { return true }
        guard value < 128 else { return isBeyondASCII }
        return scalars[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1
    }
}
