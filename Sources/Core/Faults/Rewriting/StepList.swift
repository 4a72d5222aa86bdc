import Delivery
import HTTPWire

// Rules.  A deadline counts from the call's arrival. What is delayed takes everything after it along.
// Theory. The frames of a stream are one run, and stay one run whatever is done to them: the journal tells from the run
//         and its log what left. So a frame that is cut or doubled becomes a frame of another script, not another step.

/// The steps of an answer while faults rewrite them.
struct StepList: Equatable {
    /// A place between two things that leave.
    enum Point: Equatable {
        /// Before the step with this index.
        case step(Int)
        /// Before this frame, counted from the run's first, of the run that is the step with this index.
        case frame(step: Int, Int)
    }

    private(set) var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    var headPlace: Int? {
        steps.firstIndex { if case .head = $0 { true } else { false } }
    }

    var endPlace: Int? { steps.lastIndex(of: .end) }

    var head: ResponseHead? {
        if let headPlace, case .head(let head) = steps[headPlace] { head } else { nil }
    }

    /// The whole body of an answer that is no stream.
    var body: [UInt8]? {
        var found: [[UInt8]] = []
        for step in steps {
            if case .body(let bytes) = step { found.append(bytes) }
            if case .frames = step { return nil }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// How long the body is.
    var byteCount: Int {
        steps.reduce(0) { sum, step in
            switch step {
            case .body(let bytes): sum + bytes.count
            case .frames(let run): run.frameIndices.reduce(sum) { $0 + run.script.frames[$1].bytes.count }
            default: sum
            }
        }
    }

    /// Where the run of a streamed answer stands. A body that leaves slowly is a run too, but no stream.
    func streamPlace() throws(NotApplicable) -> Int {
        guard let head else { throw NotApplicable("nothing of the answer is left") }
        let place = steps.firstIndex { if case .frames = $0 { true } else { false } }
        guard head.length == .unknown, let place else {
            throw NotApplicable("the reply is no stream: it has no frames")
        }
        return place
    }

    // MARK: Time

    /// When everything before the step with this index has left, nanoseconds after the call arrived.
    func moment(before place: Int) -> Int64 {
        Array(steps[..<place]).lastDue
    }

    /// Everything from this step on leaves so much later.
    mutating func delay(before place: Int, by duration: Int64) {
        let until = Self.later(moment(before: place), duration)
        for index in place..<steps.count {
            switch steps[index] {
            case .wait(let until): steps[index] = .wait(until: Self.later(until, duration))
            case .frames(var run):
                run.start = Self.later(run.start, duration)
                steps[index] = .frames(run)
            default: break
            }
        }
        if place > 0, case .wait = steps[place - 1] {
            steps[place - 1] = .wait(until: until)
        } else {
            steps.insert(.wait(until: until), at: place)
        }
    }

    mutating func delay(at point: Point, by duration: Int64) {
        switch point {
        case .step(let place): delay(before: place, by: duration)
        case .frame(let place, let first):
            edit(place) { frames in
                for index in frames.indices[first...] { frames[index].due = Self.later(frames[index].due, duration) }
            }
        }
    }

    static func later(_ moment: Int64, _ duration: Int64) -> Int64 { moment.later(by: duration) }

    // MARK: Changes

    /// Everything after the point is replaced.
    mutating func cut(at point: Point, then ending: [Step]) {
        switch point {
        case .step(let place): steps = steps[..<place] + ending
        case .frame(let place, let first):
            if case .frames(var run) = steps[place] {
                run.range = run.range.lowerBound..<(run.range.lowerBound + first)
                steps[place] = .frames(run)
            }
            steps = steps[...place] + ending
        }
    }

    /// Rewrites the frames of the run that is the step with this index; what follows the run is delayed as much as the
    /// run's end is.
    mutating func edit(_ place: Int, _ change: (inout [TimedFrame]) -> Void) {
        guard case .frames(let run) = steps[place] else { return }
        var frames = TimedFrame.frames(of: run)
        change(&frames)
        let edited = TimedFrame.run(of: frames, like: run)
        steps[place] = .frames(edited)
        for index in (place + 1)..<steps.count {
            guard case .wait(let until) = steps[index] else { continue }
            steps[index] = .wait(until: Self.later(until, max(0, edited.lastDue - run.lastDue)))
        }
    }

    mutating func replace(_ place: Int, with replacement: [Step]) {
        steps.replaceSubrange(place...place, with: replacement)
    }

    /// Another body of an answer that is no stream, with its length announced.
    mutating func replaceBody(with bytes: [UInt8]) {
        guard let place = steps.firstIndex(where: { if case .body = $0 { true } else { false } }) else { return }
        steps[place] = .body(bytes)
        announce(.known(bytes.count))
    }

    mutating func announce(_ length: ResponseHead.Length) {
        guard let place = headPlace, case .head(var head) = steps[place] else { return }
        head.length = length
        steps[place] = .head(head)
    }
}
