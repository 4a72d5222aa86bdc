import Delivery
import JSON

// Rules.  Bytes are equal when the whole body is, and its status. Frames are equal when each left as one chunk, and the
//         answer ended as it was recorded to. The error of a frame is how late its last byte came, seen from the client: the
//         way over the loopback is in it.
// Theory. Of an answer with a length no frame can be told from its neighbour on the wire. Then only bytes and times count.

/// One recorded answer beside what came of its replay.
package struct ReplayComparison: Sendable {
    package enum Ending: Sendable { case whole, cut, silent }

    private let frames: [FrameScript.Frame]
    private let status: Int
    private let ending: Ending
    /// When each frame is due, in nanoseconds after the call arrived.
    private let dues: [Int64]
    /// When the answer ends, or falls silent.
    package let end: Int64
    private var frame = 0
    private var offset = 0
    private var framesOfChunk = 0
    private var bytesEqual = true
    private var framesEqual = true
    private var errors: [Int64] = []

    package init(_ answer: ReplayedAnswer, speed: Double) {
        frames = answer.script.frames.filter { !$0.bytes.isEmpty }
        status = answer.status
        dues = frames.map { answer.head.later(by: $0.offset).divided(by: speed) }
        end = answer.end.divided(by: speed)
        ending =
            switch answer.last {
            case .hang: .silent
            case .close, .reset: .cut
            default: .whole
            }
    }

    package mutating func head(status: Int) { if status != self.status { bytesEqual = false } }

    /// Bytes of the body, at a moment after the call was sent.
    package mutating func body(_ bytes: ArraySlice<UInt8>, at moment: Int64) {
        var rest = bytes
        while !rest.isEmpty, frame < frames.count {
            let expected = frames[frame].bytes[offset...]
            let count = min(expected.count, rest.count)
            if expected.prefix(count) != rest.prefix(count) { bytesEqual = false }
            rest = rest.dropFirst(count)
            offset += count
            guard offset == frames[frame].bytes.count else { continue }
            errors.append(abs(moment - dues[frame]))
            (frame, offset, framesOfChunk) = (frame + 1, 0, framesOfChunk + 1)
        }
        if !rest.isEmpty { bytesEqual = false }
    }

    package mutating func chunkEnded() {
        if offset != 0 || framesOfChunk != 1 { framesEqual = false }
        framesOfChunk = 0
    }

    package mutating func ended(_ ending: Ending) {
        if ending != self.ending { framesEqual = false }
        if frame < frames.count { bytesEqual = false }
    }

    package func stream(call: Int) -> StreamFidelity {
        StreamFidelity(
            call: call, bytesEqual: bytesEqual, framesEqual: bytesEqual && framesEqual, errors: errors.sorted())
    }
}

/// How exact the replay of one call was.
package struct StreamFidelity: Equatable, Sendable {
    /// Its place among the recorded ones, from 1.
    package var call: Int
    package var bytesEqual: Bool
    package var framesEqual: Bool
    /// Of each frame, in nanoseconds, sorted.
    package var errors: [Int64]

    package init(call: Int, bytesEqual: Bool, framesEqual: Bool, errors: [Int64]) {
        (self.call, self.bytesEqual, self.framesEqual, self.errors) = (call, bytesEqual, framesEqual, errors)
    }
}

/// How exact the replay of a recording was, contract section 8.
package struct Fidelity: Equatable, Sendable {
    /// Recorded calls that were replayed.
    package var calls: Int
    package var streams: [StreamFidelity]

    package init(calls: Int, streams: [StreamFidelity]) {
        (self.calls, self.streams) = (calls, streams.sorted { $0.call < $1.call })
    }

    package var bytesEqual: Bool { streams.allSatisfy(\.bytesEqual) }
    package var framesEqual: Bool { streams.allSatisfy(\.framesEqual) }
    package var isExact: Bool { bytesEqual && framesEqual }

    package var written: Value {
        [
            "calls": Value(calls), "bytesEqual": .bool(bytesEqual), "framesEqual": .bool(framesEqual),
            "error": Self.written(errors), "streams": .array(streams.map(\.written)),
        ]
    }

    private var errors: [Int64] { streams.flatMap(\.errors).sorted() }

    /// In milliseconds; null where no frame was due.
    fileprivate static func written(_ errors: [Int64]) -> Value {
        func share(_ numerator: Int) -> Value {
            guard !errors.isEmpty else { return .null }
            return milliseconds(errors[(errors.count * numerator + 99) / 100 - 1])
        }
        return ["p50": share(50), "p99": share(99), "max": share(100)]
    }

    private static func milliseconds(_ nanoseconds: Int64) -> Value { .number(text(nanoseconds)) }

    /// To the microsecond: `1.234`.
    private static func text(_ nanoseconds: Int64) -> String {
        let microseconds = (nanoseconds + 500) / 1_000
        let rest = String(microseconds % 1_000)
        return "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }

    /// For people.
    package var lines: [String] {
        let all = Self.words(errors)
        let uneven = streams.filter { !$0.framesEqual || !$0.bytesEqual }
        return [
            "\(calls) recorded calls, \(streams.count) replayed: bytes \(Self.word(bytesEqual)), frames \(Self.word(framesEqual))",
            "timing error in milliseconds: \(all)",
        ]
            + uneven.prefix(20).map {
                "call \($0.call): bytes \(Self.word($0.bytesEqual)), frames \(Self.word($0.framesEqual))"
            }
    }

    private static func word(_ isEqual: Bool) -> String { isEqual ? "equal" : "not equal" }

    private static func words(_ errors: [Int64]) -> String {
        guard case .object(let members) = written(errors) else { return "" }
        return members.map { "\($0.name) \($0.value.isNull ? "none" : $0.value.json())" }.joined(separator: ", ")
    }
}

extension StreamFidelity {
    fileprivate var written: Value {
        [
            "call": Value(call), "bytesEqual": .bool(bytesEqual), "framesEqual": .bool(framesEqual),
            "error": Fidelity.written(errors),
        ]
    }
}
