import Bytes
import JSON

// Rules.  JSON-RPC 2.0, section 5, of the id of an answer: "It MUST be the same as the value of the id member in the Request
//         Object." So ids are not compared when a recorded call is looked for, and where the recorded answer repeated
//         the id of its request, the replayed one repeats the id of the call that it answers.
// Theory. A message with a `method` is the other side's own request, and keeps its id.
enum RequestIDs {
    private static let path = try? Path("$.id")

    /// The id of a JSON-RPC request; nil for whatever is none, or wants no answer.
    static func id(of payload: Value?) -> Value? {
        guard let payload, payload["jsonrpc"]?.text == "2.0", payload["method"] != nil, let id = payload["id"] else {
            return nil
        }
        return switch id {
        case .string, .number: id
        default: nil
        }
    }

    /// What is left out of comparing these payloads.
    static func volatile(_ payload: Value?, _ told: [Path]) -> [Path] {
        guard let path, id(of: payload) != nil else { return told }
        return told + [path]
    }

    /// Where an answer repeats the id: in its JSON, or in the data of its events.
    static func find(_ id: Value, in answer: [UInt8], isEventStream: Bool) -> [Range<Int>] {
        guard isEventStream else { return find(id, in: answer, 0..<answer.count).map { [$0] } ?? [] }
        var places: [Range<Int>] = []
        var start = 0
        while start < answer.count {
            let end = answer[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? answer.count
            if answer[start..<end].starts(with: "data:".utf8), let place = find(id, in: answer, start + 5..<end) {
                places.append(place)
            }
            start = end + 1
        }
        return places
    }

    private static func find(_ id: Value, in answer: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        let message = Array(answer[range])
        guard let place = path?.scan(message), let value = try? Value.parse(message), value["id"] == id,
            value["method"] == nil
        else { return nil }
        return range.lowerBound + place.lowerBound..<range.lowerBound + place.upperBound
    }
}
