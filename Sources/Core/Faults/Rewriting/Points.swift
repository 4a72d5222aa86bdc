import Delivery

/// Finding the places where faults act.
extension StepList {
    func pointAfterHead() throws(NotApplicable) -> Point {
        guard let headPlace else { throw NotApplicable("nothing of the answer is left") }
        return .step(headPlace + 1)
    }

    /// After so many frames of the stream, 0 for before the first.
    func point(afterFrames count: Int) throws(NotApplicable) -> Point {
        let place = try streamPlace()
        guard case .frames(let run) = steps[place] else { return .step(place) }
        let there = run.frameIndices.count
        guard count <= there else {
            throw NotApplicable("the reply has only \(there) \(there == 1 ? "frame" : "frames")")
        }
        return count == there ? .step(place + 1) : count == 0 ? .step(place) : .frame(step: place, count)
    }

    /// After so many bytes of the body, 0 for before the first. A frame or a body that the point lies in is split there.
    mutating func point(afterBytes count: Int) throws(NotApplicable) -> Point {
        guard let headPlace else { throw NotApplicable("nothing of the answer is left") }
        guard count > 0 else { return .step(headPlace + 1) }
        var rest = count
        for place in steps.indices {
            switch steps[place] {
            case .body(let bytes):
                if rest == bytes.count { return .step(place + 1) }
                if rest < bytes.count {
                    replace(place, with: [.body(Array(bytes[..<rest])), .body(Array(bytes[rest...]))])
                    return .step(place + 1)
                }
                rest -= bytes.count
            case .frames(let run):
                for (number, index) in run.frameIndices.enumerated() {
                    let size = run.script.frames[index].bytes.count
                    if rest <= size { return split(place, number, at: rest) }
                    rest -= size
                }
            default: break
            }
        }
        let there = count - rest
        throw NotApplicable("the body has only \(there) \(there == 1 ? "byte" : "bytes")")
    }

    /// Splits frame `number` of a run after so many of its bytes.
    mutating func split(_ place: Int, _ number: Int, at size: Int) -> Point {
        guard case .frames(let run) = steps[place] else { return .step(place) }
        if size < run.script.frames[run.frameIndices.lowerBound + number].bytes.count {
            edit(place) { frames in
                let whole = frames[number]
                frames[number].bytes = Array(whole.bytes[..<size])
                frames.insert(TimedFrame(bytes: Array(whole.bytes[size...]), due: whole.due), at: number + 1)
            }
            return .frame(step: place, number + 1)
        }
        return number + 1 == run.frameIndices.count ? .step(place + 1) : .frame(step: place, number + 1)
    }
}
