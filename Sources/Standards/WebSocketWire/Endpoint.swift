import Bytes

/// One end of a WebSocket conversation after its opening (RFC 6455 sections 5 to 7), without a socket: bytes in and
/// events out, commands in and bytes out. It never waits and never answers by itself; what the standard wants answered at
/// once, an event says.
///
/// Rules
/// - A message comes in frames; between them, but never within one, control frames may come.
/// - What is wrong is told at the first byte that shows it: no byte after it is looked at, and the endpoint reads no more.
/// - A close is answered with a close. Whoever has sent one sends nothing after it; whoever has got one reads nothing more.
///
/// Theory: the bytes of what is incomplete are the caller's. A header, or a control frame of at most 131 bytes, is
/// looked at again when more has come; the payload of a message is taken as it comes, unmasked and checked, into the
/// caller's `message`. So the state is a few numbers, whatever anybody sends.
///
/// | reading | what comes | and then |
/// |---|---|---|
/// | header | a control frame | its event; header, or over after a close |
/// | header | the header of a frame of a message | payload |
/// | payload | its last byte | a fragment's or a message's event; header |
/// | any | what must not come | `failed`; over |
/// | over | anything | nothing |
package struct Endpoint: Sendable {
    package enum Kind: Sendable {
        case text
        case binary
    }

    package struct Limits: Equatable, Sendable {
        /// Bytes of payload in one frame, both ways: longer messages are sent in several.
        package var frame: Int
        /// Bytes of one message that is received.
        package var message: Int

        package init(frame: Int, message: Int) {
            self.frame = frame
            self.message = message
        }
    }

    package enum Event: Equatable, Sendable {
        case needsMore
        /// A frame of a message that goes on.
        case fragmentReceived
        /// The last frame of a message, which now stands in the caller's `message` until the next one begins.
        case messageReceived(Kind)
        case pingReceived([UInt8])
        case pongReceived([UInt8])
        /// Without a code there is no reason either.
        case closeReceived(CloseCode?, reason: String)
        case failed(ConversationFailure)
    }

    package enum Command: Equatable, Sendable {
        case message(Kind, [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(CloseCode?, reason: String)
    }

    private enum Reading: Equatable {
        case header
        case payload(remaining: Int, mask: UInt32?, isFinal: Bool)
        case over
    }

    package let role: Role
    package let limits: Limits
    private var reading = Reading.header
    /// Of the message under way.
    private var kind: Kind?
    private var text = UTF8Check()
    package private(set) var hasSentClose = false

    package init(_ role: Role, limits: Limits) {
        self.role = role
        self.limits = limits
    }

    /// Whether there is nothing more to say or to hear: then a server closes the connection, and a client waits for that
    /// (7.1.1).
    package var isOver: Bool { reading == .over && hasSentClose }

    // MARK: Reading

    /// The next event in `bytes`, from `start` on, and where to go on. Of what has no event yet, the caller keeps the
    /// bytes from there on and comes back with more.
    package mutating func read(
        _ bytes: Span<UInt8>, from start: Int, message: inout [UInt8]
    ) -> (next: Int, event: Event) {
        var place = start
        do throws(ConversationFailure) {
            while true {
                switch reading {
                case .over: return (bytes.count, .needsMore)
                case .payload:
                    let event = try readPayload(bytes, &place, into: &message)
                    if let event { return (place, event) }
                    return (place, .needsMore)
                case .header:
                    let expected = expectation(kind == nil ? 0 : message.count)
                    guard let header = try FrameHeader.read(bytes, from: place, expecting: expected)
                    else { return (place, .needsMore) }
                    if header.opcode.isControl {
                        let end = place + header.size + header.length
                        guard end <= bytes.count else { return (place, .needsMore) }
                        return (end, try control(header, bytes, place + header.size..<end))
                    }
                    begin(header, &message)
                    place += header.size
                }
            }
        } catch {
            reading = .over
            return (bytes.count, .failed(error))
        }
    }

    /// After so many bytes of the message under way.
    private func expectation(_ count: Int) -> FrameHeader.Expectation {
        FrameHeader.Expectation(
            sender: role == .server ? .client : .server, isInMessage: kind != nil, longest: limits.frame,
            room: limits.message - count)
    }

    private mutating func begin(_ header: FrameHeader, _ message: inout [UInt8]) {
        if header.opcode != .continuation {
            kind = header.opcode == .text ? .text : .binary
            text = UTF8Check()
            message.removeAll(keepingCapacity: true)
        }
        reading = .payload(remaining: header.length, mask: header.mask, isFinal: header.isFinal)
    }

    /// Nil when the frame is not at its end.
    private mutating func readPayload(
        _ bytes: Span<UInt8>, _ place: inout Int, into message: inout [UInt8]
    ) throws(ConversationFailure) -> Event? {
        guard case .payload(var remaining, var mask, let isFinal) = reading, let kind else { return nil }
        let count = min(remaining, bytes.count - place)
        let old = message.count
        // Appending nothing would write into the storage that all empty arrays share.
        if count > 0 { message.append(addingCapacity: count) { $0.append(bytes.extracting(place..<place + count)) } }
        let isValid = message.withUnsafeMutableBytes { all in
            let new = UnsafeMutableRawBufferPointer(rebasing: all[old...])
            mask = mask.map { PayloadMask.apply($0, to: new) }
            return kind == .binary || text.take(UnsafeRawBufferPointer(new))
        }
        guard isValid else { throw .notUTF8 }
        place += count
        remaining -= count
        reading = .payload(remaining: remaining, mask: mask, isFinal: isFinal)
        if remaining > 0 { return nil }
        reading = .header
        if !isFinal { return .fragmentReceived }
        // A message is checked as a whole: a character may go over from one fragment to the next, and not beyond the last.
        guard kind == .binary || text.isBetweenCharacters else { throw .notUTF8 }
        self.kind = nil
        return .messageReceived(kind)
    }

    private mutating func control(
        _ header: FrameHeader, _ bytes: Span<UInt8>, _ place: Range<Int>
    ) throws(ConversationFailure) -> Event {
        var payload: [UInt8] = []
        if !place.isEmpty { payload.append(addingCapacity: place.count) { $0.append(bytes.extracting(place)) } }
        if let mask = header.mask { _ = payload.withUnsafeMutableBytes { PayloadMask.apply(mask, to: $0) } }
        switch header.opcode {
        case .ping: return .pingReceived(payload)
        case .pong: return .pongReceived(payload)
        default: return try close(payload)
        }
    }

    /// 5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer (in network byte
    /// order) representing a status code … Following the 2-byte integer, the body MAY contain UTF-8-encoded data".
    private mutating func close(_ payload: [UInt8]) throws(ConversationFailure) -> Event {
        guard payload.count != 1 else { throw .closeCodeCut }
        var code: CloseCode?
        if payload.count > 1 {
            let found = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
            guard found.mayBeSent else { throw .closeCodeInvalid(found.rawValue) }
            code = found
        }
        guard let reason = String(utf8: payload.dropFirst(2)) else { throw .notUTF8 }
        reading = .over
        return .closeReceived(code, reason: reason)
    }

    // MARK: Writing

    /// Appends what the command sends. False, and nothing is appended, where the standard forbids it: anything after a
    /// close, and control frames of more than 125 bytes. `chance` makes a client's masks, which "MUST be derived from a
    /// strong source of entropy" (10.3); a server needs none.
    package mutating func write(
        _ command: Command, into output: inout [UInt8], chance: inout some RandomNumberGenerator
    ) -> Bool {
        if hasSentClose { return false }
        switch command {
        case .message(let kind, let content):
            var start = 0
            repeat {
                let end = min(start + limits.frame, content.count)
                append(
                    start > 0 ? .continuation : kind == .text ? .text : .binary, content[start..<end],
                    isFinal: end == content.count, into: &output, &chance)
                start = end
            } while start < content.count
            return true
        case .ping(let content): return control(.ping, content, into: &output, &chance)
        case .pong(let content): return control(.pong, content, into: &output, &chance)
        case .close(let code, let reason):
            let bytes = code.map { [UInt8($0.rawValue >> 8), UInt8(truncatingIfNeeded: $0.rawValue)] + reason.utf8 }
            hasSentClose = control(.close, bytes ?? [], into: &output, &chance)
            return hasSentClose
        }
    }

    private func control(
        _ opcode: Opcode, _ content: [UInt8], into output: inout [UInt8], _ chance: inout some RandomNumberGenerator
    ) -> Bool {
        guard content.count <= 125 else { return false }
        append(opcode, content[...], isFinal: true, into: &output, &chance)
        return true
    }

    private func append(
        _ opcode: Opcode, _ content: ArraySlice<UInt8>, isFinal: Bool, into output: inout [UInt8],
        _ chance: inout some RandomNumberGenerator
    ) {
        let mask: UInt32? = role == .client ? UInt32(truncatingIfNeeded: chance.next()) : nil
        FrameHeader(isFinal: isFinal, opcode: opcode, length: content.count, mask: mask).write(into: &output)
        let start = output.count
        output.append(contentsOf: content)
        guard let mask else { return }
        output.withUnsafeMutableBytes { all in
            _ = PayloadMask.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: all[start...]))
        }
    }
}

extension Endpoint.Event {
    /// What the standard has answered at once; nothing is said after one's own close. A ping "MUST" have a pong with its
    /// content (5.5.2 and 5.5.3), a close is answered with its code (5.5.1), a failure with its own (7.1.7).
    package var answer: Endpoint.Command? {
        switch self {
        case .pingReceived(let content): .pong(content)
        case .closeReceived(let code, _): .close(code, reason: "")
        case .failed(let failure): .close(failure.code, reason: failure.description)
        case .needsMore, .fragmentReceived, .messageReceived, .pongReceived: nil
        }
    }
}
