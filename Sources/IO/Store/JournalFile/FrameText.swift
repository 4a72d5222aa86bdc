import Bytes
import Delivery
import JSON
import Journal

/// The frames of a stream as JSON: `[{"due":400000000,"sent":400038000,"bytes":27},…]`.
enum FrameText {
    static func append(_ frames: [FrameRecord], to text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        for (index, frame) in frames.enumerated() {
            text.append(index == 0 ? #"{"due":"# : #",{"due":"#)
            text.append(decimal: Int(frame.due))
            text.append(#","sent":"#)
            text.append(decimal: Int(frame.sent))
            text.append(#","bytes":"#)
            text.append(decimal: frame.bytes)
            text.append(UInt8(ascii: "}"))
        }
        text.append(UInt8(ascii: "]"))
    }

    /// Nil for what is no list of frames.
    static func frames(_ text: [UInt8]) -> [FrameRecord]? {
        guard case .array(let elements)? = try? JSON.Value.parse(text) else { return nil }
        var frames: [FrameRecord] = []
        for element in elements {
            guard case .object(let members) = element, members.map(\.name) == ["due", "sent", "bytes"] else {
                return nil
            }
            let numbers = members.compactMap {
                if case .number(let literal) = $0.value { Int(literal) } else { nil as Int? }
            }
            guard numbers.count == 3 else { return nil }
            frames.append(FrameRecord(due: Int64(numbers[0]), sent: Int64(numbers[1]), bytes: numbers[2]))
        }
        return frames
    }
}
