import HTTPWire

/// What comes out of a parser fed with the pieces of `bytes`, without what depends on the cut.
struct RequestEvents: Equatable {
    var events: [RequestParser.Event] = []
    var isIdleAtEnd: Bool

    init(_ bytes: [UInt8], _ cut: [Range<Int>]? = nil, limits: Limits = Limits()) {
        var parser = RequestParser(limits: limits)
        feeding: for piece in cut ?? [0..<bytes.count] {
            let input = Array(bytes[piece])
            var start = 0
            reading: while true {
                let (next, event) = parser.read(input.span, from: start)
                start = next
                switch event {
                case .needsMore: break reading
                case .wantsContinue: continue
                case .request: events.append(event)
                case .refused:
                    events.append(event)
                    break feeding
                }
            }
        }
        isIdleAtEnd = parser.isIdle
    }

    var requests: [Request] {
        events.compactMap { if case .request(let request) = $0 { request } else { nil } }
    }

    var refusal: Refusal? {
        if case .refused(let refusal) = events.last { return refusal }
        return nil
    }
}
