import Delivery
import Fields
import Time

/// `corrupt`: the answer arrives, but not as it should be.
struct Corrupt: DeliveryFault {
    static let word = "corrupt"
    private static let usualPause = Duration.milliseconds(20)
    private let corruption: Corruption
    /// Which frame of a stream, from 1; nil for the first that it can be done to.
    private let frame: Int?
    /// For `split-utf8`: between the two halves, so that a client reads them one by one.
    private let pause: Duration
    /// For `wrong-length`: how many bytes too many are announced.
    private let surplus: Int

    init(_ parameters: inout FieldReader) {
        let corruption = Self.kind(&parameters)
        var (frame, pause, surplus): (Int?, Duration?, Int?)
        let isAny = parameters.isOutlining
        if corruption != .wrongLength { frame = parameters.integer("frame", 1...Int.max) }
        if isAny || corruption == .splitUTF8 { pause = parameters.faultDuration("pause") }
        if isAny || corruption == .wrongLength { surplus = parameters.integer("by", -1_000_000_000...1_000_000_000) }
        if surplus == 0 { parameters.refuse("by", "a length that is wrong by 0 is right") }
        self.corruption = corruption ?? .invalidJSON
        self.frame = frame
        self.pause = pause ?? Self.usualPause
        self.surplus = surplus ?? 1
    }

    func bender(_ situation: DeliverySituation) -> any StepBender {
        switch corruption {
        case .duplicate: FrameOrderBender(duplicating: frame ?? 1)
        case .reorder: FrameOrderBender(exchanging: frame ?? 1)
        case .wrongLength: WrongLengthBender(by: surplus)
        case .splitUTF8: SpoilBender(frame: frame, reason: UTF8Split.reason, splitCharacter)
        case .missingBlankLine:
            SpoilBender(
                frame: frame ?? 1, reason: "frame \(frame ?? 1) does not end with a blank line", Self.dropBlankLine)
        case .invalidJSON:
            SpoilBender(frame: frame, reason: reason("the reply is not JSON")) {
                JSONBreaking.broken($0).map(SpoilBender.Spoilt.bytes)
            }
        case .garbage:
            SpoilBender(frame: frame, reason: reason("the reply has no body")) { bytes in
                var chance = situation.chance
                return Garbage.bytes(insteadOf: bytes, &chance).map(SpoilBender.Spoilt.bytes)
            }
        }
    }

    private func reason(_ text: String) -> String {
        frame.map { "frame \($0) cannot be spoilt like this: \(text)" } ?? text
    }

    /// One piece ends inside a character; the other half follows after a pause.
    private func splitCharacter(_ bytes: [UInt8]) -> SpoilBender.Spoilt? {
        UTF8Split.place(in: bytes).map { .pause(after: $0, pause.nanoseconds) }
    }

    /// Two events run into one.
    private static func dropBlankLine(_ bytes: [UInt8]) -> SpoilBender.Spoilt? {
        bytes.suffix(2).elementsEqual([0x0A, 0x0A]) ? .bytes(bytes.dropLast()) : nil
    }

    /// `"kind": "split-utf8"`, or the kind itself as a parameter: `"split-utf8": true`.
    private static func kind(_ parameters: inout FieldReader) -> Corruption? {
        let named = parameters.choice("kind", of: Corruption.self)
        let flags = Corruption.allCases.filter { parameters.has($0.rawValue) }
        for flag in flags where parameters.bool(flag.rawValue) == false {
            parameters.refuse(flag.rawValue, "false says nothing", hint: "leave it out")
        }
        if flags.count + (parameters.has("kind") ? 1 : 0) > 1 {
            parameters.refuse("one corruption at a time", hint: "arm a fault for each: they combine")
        }
        if flags.isEmpty, !parameters.has("kind") {
            let words = Corruption.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            parameters.refuse("\"kind\" is missing", hint: "write \"kind\" and one of \(words)")
        }
        return named ?? flags.first
    }
}

extension FaultKind {
    static let corrupt = FaultKind(Corrupt.self)
}
