import Bytes
import Delivery
import JSON

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

/// Each leaves the list as it was when it cannot be done.
extension StepList {
    /// Rewrites one frame, or the body of an answer that is no stream.
    mutating func rewrite(
        _ number: Int?, otherwise reason: String, _ change: ([UInt8]) -> [UInt8]?
    ) throws(NotApplicable) {
        if number == nil, let body {
            guard let changed = change(body) else { throw NotApplicable(reason) }
            return replaceBody(with: changed)
        }
        let (place, frames) = try frames(atLeast: number ?? 1)
        for index in number.map({ $0 - 1..<$0 }) ?? frames.indices {
            guard let changed = change(frames[index].bytes) else { continue }
            return edit(place) { $0[index].bytes = changed }
        }
        throw NotApplicable(number.map { "frame \($0) cannot be spoilt like this: \(reason)" } ?? reason)
    }

    /// Ends one piece of the body inside a character; the other half follows after a pause.
    mutating func splitCharacter(inFrame number: Int?, pause: Int64) throws(NotApplicable) {
        if number == nil, let body {
            guard let inside = UTF8Split.place(in: body) else { throw NotApplicable(UTF8Split.reason) }
            return delay(at: try point(afterBytes: inside), by: pause)
        }
        let (place, frames) = try frames(atLeast: number ?? 1)
        for index in number.map({ $0 - 1..<$0 }) ?? frames.indices {
            guard let inside = UTF8Split.place(in: frames[index].bytes) else { continue }
            let point = split(place, index, at: inside)
            return delay(at: point, by: pause)
        }
        throw NotApplicable(UTF8Split.reason)
    }

    /// Two events run into one.
    mutating func dropBlankLine(afterFrame number: Int?) throws(NotApplicable) {
        let (place, frames) = try frames(atLeast: number ?? 1)
        let index = (number ?? 1) - 1
        let bytes = frames[index].bytes
        guard bytes.suffix(2).elementsEqual([0x0A, 0x0A]) else {
            throw NotApplicable("frame \(index + 1) does not end with a blank line")
        }
        edit(place) { $0[index].bytes.removeLast() }
    }

    mutating func duplicate(frame number: Int) throws(NotApplicable) {
        let (place, _) = try frames(atLeast: number)
        edit(place) { $0.insert($0[number - 1], at: number) }
    }

    /// A frame changes places with the one after it; the moments stay where they are.
    mutating func exchange(frame number: Int) throws(NotApplicable) {
        let (place, frames) = try frames(atLeast: number)
        guard number < frames.count else {
            throw NotApplicable("frame \(number) is the last one: there is none to exchange it with")
        }
        edit(place) {
            let bytes = $0[number].bytes
            $0[number].bytes = $0[number - 1].bytes
            $0[number - 1].bytes = bytes
        }
    }

    mutating func announceWrongly(by surplus: Int) throws(NotApplicable) {
        guard case .known(let count)? = head?.length else {
            throw NotApplicable("a streamed reply announces no length")
        }
        guard count + surplus >= 0 else {
            throw NotApplicable("the body has only \(count) bytes: \(-surplus) fewer cannot be announced")
        }
        announce(.known(count + surplus))
    }

    private func frames(atLeast count: Int) throws(NotApplicable) -> (place: Int, frames: [TimedFrame]) {
        let place = try streamPlace()
        _ = try point(afterFrames: count)
        guard case .frames(let run) = steps[place] else { return (place, []) }
        return (place, TimedFrame.frames(of: run))
    }
}
