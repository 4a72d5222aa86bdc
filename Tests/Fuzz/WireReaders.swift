import Bytes
import HTTPWire
import SSEWire
import WebSocketWire

/// Requests read the same whole and in two pieces.
@Sendable func readHTTP(_ bytes: [UInt8]) {
    promise(requests(in: [bytes]) == requests(in: halves(of: bytes)), "in two pieces, the requests are others")
}

private func requests(in pieces: [[UInt8]]) -> [RequestParser.Event] {
    var parser = RequestParser()
    var held: [UInt8] = []
    let rules = RequestParser.Rules(
        limits: Limits(), known: KnownFields([KnownField(0, "host"), KnownField(1, "expect")]))
    var seen: [RequestParser.Event] = []
    for piece in pieces {
        var start = 0
        reading: while true {
            let (next, event) = parser.read(piece.span, from: start, held: &held, rules)
            start = next
            switch event {
            case .needsMore: break reading
            case .wantsContinue: continue
            case .request: seen.append(event)
            case .refused: return seen + [event]
            }
        }
    }
    return seen
}

/// Answers read the same whole and in two pieces.
@Sendable func readHTTPResponse(_ bytes: [UInt8]) {
    promise(responses(in: [bytes]) == responses(in: halves(of: bytes)), "in two pieces, the answers are others")
}

private func responses(in pieces: [[UInt8]]) -> [ResponseParser.Event] {
    var parser = ResponseParser(limits: Limits())
    var held: [UInt8] = []
    var seen: [ResponseParser.Event] = []
    for piece in pieces {
        var start = 0
        reading: while true {
            let (next, event) = parser.read(piece.span, from: start, held: &held)
            start = next
            switch event {
            case .needsMore: break reading
            case .refused: return seen + [event]
            default: seen.append(event)
            }
        }
    }
    return seen + [parser.readEnd(held: &held)]
}

/// Events read the same whole and in two pieces, and a dispatched event is read back as it was written.
@Sendable func readSSE(_ bytes: [UInt8]) {
    var whole = Parser()
    let events = whole.feed(bytes)
    var split = Parser()
    promise(events == halves(of: bytes).flatMap { split.feed($0) }, "in two pieces, the events are others")
}

/// Frames are heard the same whole and in two pieces, by either end, and of what has no event no more is kept than a
/// control frame has.
@Sendable func readWebSocket(_ bytes: [UInt8]) {
    for role in [Role.server, .client] {
        promise(heard(role, [bytes]) == heard(role, halves(of: bytes)), "in two pieces, the events are others")
    }
}

private struct Heard: Equatable {
    let event: Endpoint.Event
    let message: [UInt8]
}

private func heard(_ role: Role, _ pieces: [[UInt8]]) -> [Heard] {
    var endpoint = Endpoint(role, limits: Endpoint.Limits(frame: 200, message: 400))
    var (held, message, seen): ([UInt8], [UInt8], [Heard]) = ([], [], [])
    for piece in pieces {
        held += piece
        var start = 0
        while true {
            let (next, event) = endpoint.read(held.span, from: start, message: &message)
            start = next
            if event == .needsMore { break }
            if case .messageReceived = event {
                seen.append(Heard(event: event, message: message))
            } else {
                seen.append(Heard(event: event, message: []))
            }
        }
        held.removeFirst(start)
        promise(held.count < 139 && message.count <= 400, "more is kept than was allowed")
    }
    return seen
}

/// Cut at a place that the input itself chooses.
private func halves(of bytes: [UInt8]) -> [[UInt8]] {
    guard let last = bytes.last else { return [bytes] }
    let cut = (Int(last) * 257 + bytes.count / 2) % (bytes.count + 1)
    return [Array(bytes[..<cut]), Array(bytes[cut...])]
}
