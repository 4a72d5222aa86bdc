import Bytes
import Delivery
import Fields
import JSON

/// Where an answer is cut: `accept`, `request`, `headers`, `frame 3`, `byte 120`.
enum CutPoint: Equatable, Sendable {
    /// Before anybody looked at the call: it reached no agent.
    case accept
    /// After the call was answered, before the answer's first byte leaves.
    case request
    case headers
    /// After so many frames of the stream.
    case frame(Int)
    /// After so many bytes of the body.
    case byte(Int)

    static let spellings = "\"accept\", \"request\", \"headers\", \"frame 3\", \"byte 120\""

    init?(_ text: String) {
        let words = text.utf8.split(separator: UInt8(ascii: " "))
        switch text {
        case "accept": self = .accept
        case "request": self = .request
        case "headers": self = .headers
        default:
            guard words.count == 2, let number = ASCII.decimal(words[1]), number > 0 else { return nil }
            switch String(words[0]) {
            case "frame": self = .frame(number)
            case "byte": self = .byte(number)
            default: return nil
            }
        }
    }

    static func read(_ parameters: inout FieldReader) -> CutPoint {
        guard let text = parameters.required("at", { $0.text($1) }) else { return .accept }
        if let point = CutPoint(text) { return point }
        parameters.refuse(
            "at", "\(Value.string(text).json()) is no place to cut at", hint: "there are \(spellings)")
        return .accept
    }

    /// In the answer.
    var place: AnswerPoint {
        switch self {
        case .accept, .request: .start
        case .headers: .afterHead
        case .frame(let count): .afterFrames(count)
        case .byte(let count): .afterBytes(count)
        }
    }
}

/// Ends the answer at a point.
struct CutBender: StepBender {
    let point: AnswerPoint
    let ending: Step
    private var passed = AnswerSoFar()

    init(at point: AnswerPoint, then ending: Step) {
        self.point = point
        self.ending = ending
    }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        if let found = point.split(step, after: passed) {
            bent += [found.before, ending].compactMap(\.self)
        } else {
            passed.note(step)
            bent.append(step)
        }
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent.append(point == .start ? ending : last)
        return point.lack(in: passed)
    }
}
