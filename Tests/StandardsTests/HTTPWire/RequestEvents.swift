import HTTPWire

/// What comes out of a parser fed with the pieces of `bytes`, without what depends on the cut.
struct RequestEvents: Equatable {
    var events: [RequestParser.Event] = []
    var isIdleAtEnd: Bool

    init(_ bytes: [UInt8], _ cut: [Range<Int>]? = nil, limits: Limits = Limits()) {
        var parser = RequestParser()
        var held: [UInt8] = []
        let rules = RequestParser.Rules(limits: limits, known: Self.known)
        feeding: for piece in cut ?? [0..<bytes.count] {
            let input = Array(bytes[piece])
            var start = 0
            reading: while true {
                let (next, event) = parser.read(input.span, from: start, held: &held, rules)
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
        isIdleAtEnd = parser.isIdle && held.isEmpty
    }

    /// Some of the fields that the fixtures have, so that both ways of reading a name are taken.
    static let known = KnownFields(
        (["host", "content-length", "transfer-encoding", "x-amz-date", "authorization", "x"] as [StaticString])
            .enumerated().map { KnownField($0.offset, $0.element) })

    var requests: [Request] {
        events.compactMap { if case .request(let request) = $0 { request } else { nil } }
    }

    var refusal: MessageRefusal? {
        if case .refused(let refusal) = events.last { return refusal }
        return nil
    }
}
