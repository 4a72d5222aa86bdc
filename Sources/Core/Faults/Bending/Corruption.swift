import Delivery
import HTTPWire

/// The ways to spoil an answer.
enum Corruption: String, CaseIterable, Sendable {
    case invalidJSON = "invalid-json"
    case splitUTF8 = "split-utf8"
    case missingBlankLine = "missing-blank-line"
    case duplicate
    case reorder
    case garbage
    case wrongLength = "wrong-length"
}

/// Spoils one frame of a stream, or the body of an answer that is no stream. Such an answer is held back whole: another
/// body has another length, and the head says it.
struct SpoilBender: StepBender {
    enum Spoilt {
        case bytes([UInt8])
        /// The bytes stay; behind so many of them there is a pause.
        case pause(after: Int, Int64)
    }

    /// From 1; nil for the body, or the first frame that it can be done to.
    private let number: Int?
    /// What is made of a frame, or of a body; nil when it cannot be done.
    private let spoil: ([UInt8]) -> Spoilt?
    private let reason: String
    private var passed = AnswerSoFar()
    private var isDone = false
    /// By how much everything behind a pause is late.
    private var delay: Int64 = 0
    private var held: [Step] = []

    init(frame number: Int?, reason: String, _ spoil: @escaping ([UInt8]) -> Spoilt?) {
        self.number = number
        self.spoil = spoil
        self.reason = reason
    }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        passed.note(step)
        if number == nil, passed.head != nil, !passed.isStream {
            held.append(step)
        } else if passed.isStream, case .frames(let run) = step {
            let first = passed.frames - run.frameIndices.count + 1
            for (place, index) in run.frameIndices.enumerated() {
                bend(frame: run.only(index..<index + 1), number: first + place, into: &bent)
            }
        } else {
            bent.append(step.later(by: delay))
        }
    }

    private mutating func bend(frame: FrameRun, number: Int, into bent: inout [Step]) {
        let index = frame.range.lowerBound
        guard !isDone, (self.number ?? number) == number, let spoilt = spoil(frame.script.frames[index].bytes) else {
            return bent.append(Step.frames(frame).later(by: delay))
        }
        isDone = true
        switch spoilt {
        case .bytes(let bytes): bent.append(.frames(frame.with(bytes)))
        case .pause(let size, let pause):
            delay = pause
            if let found = frame.split(afterBytes: size) {
                bent += [found.before, found.after?.later(by: pause)].compactMap(\.self)
            }
        }
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        let bodies = held.compactMap { if case .body(let bytes) = $0 { bytes } else { nil } }
        let isPlain = bodies.count == 1 && !held.contains { if case .frames = $0 { true } else { false } }
        let spoilt = isPlain ? spoil(bodies[0]) : nil
        switch spoilt {
        case .bytes(let bytes): bent += held.map { $0.withBody(bytes) } + [last]
        case .pause(let size, let pause):
            var delaying = DelayBender(at: .afterBytes(size), by: pause)
            for step in held { delaying.bend(step, into: &bent) }
            bent.append(last)
        case nil: bent += held + [last]
        }
        if isDone || spoilt != nil { return nil }
        return isPlain ? reason : passed.lack(ofFrames: number ?? 1) ?? reason
    }
}

extension Step {
    /// The head and the body of an answer that has another body.
    fileprivate func withBody(_ bytes: [UInt8]) -> Step {
        switch self {
        case .head(let head):
            .head(ResponseHead(status: head.status, fields: head.fields, length: .known(bytes.count)))
        case .body: .body(bytes)
        default: self
        }
    }
}

extension FrameRun {
    /// Its one frame with other bytes.
    fileprivate func with(_ bytes: [UInt8]) -> FrameRun {
        FrameRun(
            frame: bytes, due: due(range.lowerBound), bytesPerSecond: bytesPerSecond, isBinary: isBinary)
    }
}

/// A frame leaves twice, or changes places with the one after it; the moments stay where they are.
struct FrameOrderBender: StepBender {
    /// From 1.
    private let number: Int
    private let exchanges: Bool
    private var passed = AnswerSoFar()
    /// The frame that waits for the one after it, and what came between them.
    private var held: [Step] = []

    init(duplicating number: Int) { (self.number, exchanges) = (number, false) }

    init(exchanging number: Int) { (self.number, exchanges) = (number, true) }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        let before = passed.frames
        passed.note(step)
        guard passed.isStream, case .frames(let run) = step else {
            if held.isEmpty { bent.append(step) } else { held.append(step) }
            return
        }
        for (place, index) in run.frameIndices.enumerated() {
            bend(run.only(index..<index + 1), number: before + place + 1, into: &bent)
        }
    }

    private mutating func bend(_ frame: FrameRun, number: Int, into bent: inout [Step]) {
        if case .frames(let first) = held.first {
            bent.append(.frames(first.with(frame.script.frames[frame.range.lowerBound].bytes)))
            bent += held.dropFirst()
            bent.append(.frames(frame.with(first.script.frames[first.range.lowerBound].bytes)))
            held = []
        } else if number == self.number, exchanges {
            held = [.frames(frame)]
        } else {
            bent += Array(repeating: .frames(frame), count: number == self.number ? 2 : 1)
        }
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent += held + [last]
        if held.isEmpty { return passed.lack(ofFrames: number) }
        return "frame \(number) is the last one: there is none to exchange it with"
    }
}

/// A body has another length than its head says.
struct WrongLengthBender: StepBender {
    private let surplus: Int
    private var length: ResponseHead.Length?

    init(by surplus: Int) { self.surplus = surplus }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        guard case .head(var head) = step else { return bent.append(step) }
        length = head.length
        if case .known(let count) = head.length, count + surplus >= 0 { head.length = .known(count + surplus) }
        bent.append(.head(head))
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent.append(last)
        switch length {
        case nil: return "nothing of the answer is left"
        case .unknown: return "a streamed reply announces no length"
        case .known(let count) where count + surplus < 0:
            return "the body has only \(count) bytes: \(-surplus) fewer cannot be announced"
        case .known: return nil
        }
    }
}
