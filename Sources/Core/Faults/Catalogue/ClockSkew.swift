import Fields
import Time

/// `clock-skew`: the server's clock for signatures and tokens is ahead of the time, or behind it.
struct ClockSkew: Fault {
    static let word = "clock-skew"
    private let offset: Duration

    init(_ parameters: inout FieldReader) {
        let text = parameters.required("offset") { $0.text($1) }
        let isBehind = text?.utf8.first == UInt8(ascii: "-")
        let size = text.flatMap { Duration(text: String($0.utf8.drop { $0 == 0x2B || $0 == 0x2D }) ?? "") }
        if let text,
            size == nil || !text.hasOneSignAtMost || size.map({ $0.nanoseconds > Distribution.longest }) == true
        {
            parameters.refuse(
                "offset", "\(Excerpt.of(.string(text))) is not an offset of the clock",
                hint: "write \"6m\" for a clock that is ahead, \"-6m\" for one that is behind")
        }
        if size == .zero { parameters.refuse("offset", "an offset of nothing changes nothing") }
        offset = (size ?? .zero) * (isBehind ? -1 : 1)
    }

    var stage: Stage { .clock(offset) }
}

extension String {
    fileprivate var hasOneSignAtMost: Bool {
        utf8.dropFirst().allSatisfy { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }
    }
}

extension FaultKind {
    static let clockSkew = FaultKind(ClockSkew.self)
}
