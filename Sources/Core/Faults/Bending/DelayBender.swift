import Delivery

/// Everything from a point on leaves so much later.
struct DelayBender: StepBender {
    private let point: AnswerPoint
    private let duration: Int64
    /// What there is nothing left for where the answer is gone: "to delay".
    private let purpose: String?
    /// Why it comes no later, when it is known before.
    private let inVain: String?
    fileprivate var passed = AnswerSoFar()
    private var isFound = false
    /// Something has been delayed: what a pause stands before need not have come yet.
    private var hasDelayed = false
    /// Stands before what follows the point. Frames that go on need none: they are due later themselves.
    private var pause: Step?

    init(at point: AnswerPoint, by duration: Int64, purpose: String? = nil, inVain: String? = nil) {
        self.point = point
        self.duration = duration
        self.purpose = purpose
        self.inVain = inVain
    }

    var shift: Int64 { hasDelayed ? duration : 0 }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        if isFound { return give(step, into: &bent) }
        guard inVain == nil, let found = point.split(step, after: passed) else {
            passed.note(step)
            return bent.append(step)
        }
        isFound = true
        if let before = found.before {
            passed.note(before)
            bent.append(before)
        }
        let isInsideRun = if case (.frames, .frames) = (found.before, found.after) { true } else { false }
        if !isInsideRun { pause = .wait(until: passed.moment.later(by: duration)) }
        if let after = found.after { give(after, into: &bent) }
    }

    private mutating func give(_ step: Step, into bent: inout [Step]) {
        hasDelayed = true
        if passed.frames > 0, case .frames = step { pause = nil }
        bent += [pause, step.later(by: duration)].compactMap(\.self)
        pause = nil
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent += [pause, last].compactMap(\.self)
        if isFound { return nil }
        if passed.head == nil, let purpose { return "nothing of the answer is left \(purpose)" }
        return inVain ?? point.lack(in: passed)
    }
}

/// The answer is complete so much later.
///
/// A client knows that a body of a known length is complete when its last byte is there, so that one waits: of such a
/// body the latest piece is held back until it is known whether it is the last.
struct EndDelayBender: StepBender {
    private let duration: Int64
    private var passed = AnswerSoFar()
    /// The latest piece of a body of a known length, and what came behind it.
    private var held: [Step] = []

    init(by duration: Int64) { self.duration = duration }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        let isPiece = passed.head != nil && !passed.isStream && step.hasBytes
        if isPiece { release(into: &bent) }
        if isPiece || !held.isEmpty {
            held.append(step)
        } else {
            passed.note(step)
            bent.append(step)
        }
    }

    private mutating func release(into bent: inout [Step]) {
        for step in held { passed.note(step) }
        bent += held
        held = []
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        guard last == .end, passed.head != nil else {
            release(into: &bent)
            bent.append(last)
            return passed.head == nil
                ? "nothing of the answer is left to delay" : "the answer is cut: it has no end to delay"
        }
        if passed.isStream {
            bent += [.wait(until: passed.moment.later(by: duration)), .end]
            return nil
        }
        return endBody(into: &bent)
    }

    private mutating func endBody(into bent: inout [Step]) -> String? {
        var whole = passed
        for step in held { whole.note(step) }
        guard whole.bytes > 0 else {
            release(into: &bent)
            bent.append(.end)
            return "the reply has no body whose end could be delayed"
        }
        if whole.bytes - passed.bytes == 1 {
            bent += [.wait(until: passed.moment.later(by: duration))]
            bent += held.map { $0.later(by: duration) } + [.end]
            return nil
        }
        var delaying = DelayBender(at: .afterBytes(whole.bytes - 1), by: duration)
        delaying.passed = passed
        for step in held { delaying.bend(step, into: &bent) }
        return delaying.end(.end, into: &bent)
    }
}

extension Step {
    fileprivate var hasBytes: Bool {
        var alone = AnswerSoFar()
        alone.note(self)
        return alone.bytes > 0
    }
}
