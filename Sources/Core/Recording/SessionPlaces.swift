import Bytes
import Delivery
import HTTPWire

// Rules.  The recorded session's id becomes the new one, wherever it stands in an answer, also where two or more frames
//         share it. No frame is lost or added, and what is not the id stays in the frame that it was in.
// Theory. The new id may be longer or shorter. A frame that held the first n letters of the old one holds the first n of
//         the new one, and the last frame takes what is left.
enum SessionPlaces {
    /// Where the id begins in the frames, as if they were one.
    static func find(_ id: String, in frames: [RecordedFrame]) -> [Int] {
        let id = Array(id.utf8)
        guard !id.isEmpty else { return [] }
        if frames.count == 1 { return find(id, in: frames[0].bytes) }
        var whole: [UInt8] = []
        whole.reserveCapacity(frames.reduce(0) { $0 + $1.bytes.count })
        for frame in frames { whole += frame.bytes }
        return find(id, in: whole)
    }

    static func find(_ id: [UInt8], in bytes: [UInt8]) -> [Int] {
        var (places, start): ([Int], Int) = ([], 0)
        while let place = ByteSearch.first(id.span, in: bytes.span, from: start) {
            start = place + id.count
            if id.count >= distinct || isApart(place..<start, in: bytes) { places.append(place) }
        }
        return places
    }

    /// The service wants ids of 33 characters and more: such a one stands nowhere by chance. A shorter one, written by
    /// hand, is only itself where no letter or digit goes on.
    private static let distinct = 16

    private static func isApart(_ place: Range<Int>, in bytes: [UInt8]) -> Bool {
        func goesOn(_ index: Int) -> Bool {
            bytes.indices.contains(index) && (ASCII.isLetter(bytes[index]) || ASCII.isDigit(bytes[index]))
        }
        return !goesOn(place.lowerBound - 1) && !goesOn(place.upperBound)
    }

    static func replaced(_ old: String, by new: String, in fields: FieldBlock) -> FieldBlock {
        let id = Array(old.utf8)
        guard ByteSearch.first(id.span, in: fields.bytes.span, from: 0) != nil else { return fields }
        var replaced = FieldBlock()
        for field in fields.list {
            let value = Array(field.value.utf8)
            let frame = FrameScript.Frame(bytes: value, offset: 0, gap: 0)
            let written = Self.replaced(old, by: new, at: find(id, in: value), in: [frame])
            replaced.add(name: field.name, value: String(lossy: written[0].bytes))
        }
        return replaced
    }

    static func replaced(
        _ old: String, by new: String, at places: [Int], in frames: [FrameScript.Frame]
    ) -> [FrameScript.Frame] {
        edited(frames, places.map { AnswerEdit(place: $0, length: old.utf8.count, bytes: Array(new.utf8)) })
    }

    /// `edits` are in the order of their places, and none lies in another.
    static func edited(_ frames: [FrameScript.Frame], _ edits: [AnswerEdit]) -> [FrameScript.Frame] {
        var frames = frames
        var start = 0
        var next = 0
        for index in frames.indices {
            let bytes = frames[index].bytes
            let end = start + bytes.count
            var (written, at): ([UInt8], Int) = ([], start)
            while next < edits.count, edits[next].place < end {
                let (place, length, new) = (edits[next].place, edits[next].length, edits[next].bytes)
                if place > at { written += bytes[(at - start)..<(place - start)] }
                let (from, to) = (max(place, start) - place, min(place + length, end) - place)
                let isLast = to == length
                written += new[min(from, new.count)..<(isLast ? new.count : min(to, new.count))]
                at = place + to
                if !isLast { break }
                next += 1
            }
            if at > start { frames[index].bytes = written + bytes[(at - start)...] }
            start = end
        }
        return frames
    }
}

/// A stretch of an answer in whose place something else stands, counted as if its frames were one.
struct AnswerEdit: Equatable {
    var place: Int
    var length: Int
    var bytes: [UInt8]
}
