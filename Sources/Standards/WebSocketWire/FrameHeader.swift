import Bytes

/// Which end of a conversation: who opened it, and who was asked.
package enum Role: Sendable {
    case client
    case server
}

/// RFC 6455 11.8.
enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// "Control frames are identified by opcodes where the most significant bit of the opcode is 1."
    var isControl: Bool { rawValue >= 8 }
}

/// What stands before the payload (RFC 6455 5.2):
///
///      0                   1                   2                   3
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
///     |I|S|S|S|  (4)  |A|     (7)     |            (16/64)            |
///     |N|V|V|V|       |S|             |   (if payload len==126/127)   |
///     +-+-+-+-+-------+-+-------------+ - - - - - - - - - - - - - - - +
///     |              Masking-key, if MASK set to 1 (32)               |
///     +---------------------------------------------------------------+
struct FrameHeader: Equatable, Sendable {
    var isFinal: Bool
    var opcode: Opcode
    var length: Int
    /// As its four bytes stand in memory; nil for a frame that is not masked.
    var mask: UInt32?

    /// Bytes that the header itself takes.
    var size: Int { 2 + (length < 126 ? 0 : length < 65_536 ? 2 : 8) + (mask == nil ? 0 : 4) }

    /// Nil when there are too few bytes, but not before the first bad one was refused.
    static func read(
        _ bytes: Span<UInt8>, from start: Int, expecting expected: Expectation
    ) throws(ConversationFailure) -> FrameHeader? {
        guard start < bytes.count else { return nil }
        let first = bytes[start]
        // "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values."
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode(first & 0x0F) }
        var header = FrameHeader(isFinal: first & 0x80 != 0, opcode: opcode, length: 0)
        // 5.5: "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented."
        if opcode.isControl, !header.isFinal { throw .controlFragmented }
        try expected.check(opcode)
        guard start + 1 < bytes.count else { return nil }
        let second = bytes[start + 1]
        // 5.1: "a client MUST mask all frames that it sends to the server"; "A server MUST NOT mask any frames".
        let isMasked = second & 0x80 != 0
        guard isMasked == (expected.sender == .client) else { throw isMasked ? .masked : .notMasked }
        if opcode.isControl, second & 0x7F > 125 { throw .controlTooLong }
        guard let length = try length(bytes, from: start + 1) else { return nil }
        if !opcode.isControl { try expected.check(length) }
        header.length = Int(length)
        guard isMasked else { return header }
        header.mask = 0
        let end = start + header.size
        guard end <= bytes.count else { return nil }
        header.mask = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: end - 4, as: UInt32.self)
        return header
    }

    /// From the byte with the seven bits on. "the minimal number of bytes MUST be used to encode the length", and of
    /// eight bytes "the most significant bit MUST be 0".
    private static func length(_ bytes: Span<UInt8>, from start: Int) throws(ConversationFailure) -> UInt64? {
        let short = UInt64(bytes[start] & 0x7F)
        let count = short == 126 ? 2 : short == 127 ? 8 : 0
        var length = count == 0 ? short : 0
        if count == 8, start + 1 < bytes.count, bytes[start + 1] & 0x80 != 0 { throw .lengthNegative }
        guard start + count < bytes.count else { return nil }
        for place in 0..<count { length = length << 8 | UInt64(bytes[start + 1 + place]) }
        if count == 2 && length < 126 || count == 8 && length < 65_536 { throw .lengthNotShortest }
        return length
    }

    /// What may come next, by what came before and what this end takes.
    struct Expectation: Equatable {
        var sender: Role
        var isInMessage: Bool
        /// Bytes that a frame of a message may have, and that are left for the message.
        var longest: Int
        var room: Int

        /// 5.4: fragments of a message come one after the other, "the fragments of one message MUST NOT be interleaved
        /// between the fragments of another"; control frames come in between.
        fileprivate func check(_ opcode: Opcode) throws(ConversationFailure) {
            switch opcode {
            case .continuation: if !isInMessage { throw .continuesNothing }
            case .text, .binary: if isInMessage { throw .messageNotContinued }
            case .close, .ping, .pong: break
            }
        }

        fileprivate func check(_ length: UInt64) throws(ConversationFailure) {
            guard length <= UInt64(longest) else { throw .frameTooLong(length) }
            guard length <= UInt64(room) else { throw .messageTooLong }
        }
    }

    func write(into output: inout [UInt8]) {
        let masked: UInt8 = mask == nil ? 0 : 0x80
        output.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        switch length {
        case ..<126: output.append(masked | UInt8(length))
        case ..<65_536:
            output.append(masked | 126)
            append(bytes: 2, into: &output)
        default:
            output.append(masked | 127)
            append(bytes: 8, into: &output)
        }
        if let mask { withUnsafeBytes(of: mask) { output.append(contentsOf: $0) } }
    }

    private func append(bytes count: Int, into output: inout [UInt8]) {
        for place in (0..<count).reversed() { output.append(UInt8(truncatingIfNeeded: length >> (8 * place))) }
    }
}

/// "Octet i of the transformed data is the XOR of octet i of the original data with octet at index i modulo 4 of the
/// masking key" (RFC 6455 5.3); back and forth are the same.
enum PayloadMask {
    /// Eight bytes a step. Returns the key as it stands for the byte that follows.
    static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer) -> UInt32 {
        let wide = UInt64(key) << 32 | UInt64(key)
        var place = 0
        while place &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            bytes.storeBytes(of: word ^ wide, toByteOffset: place, as: UInt64.self)
            place &+= 8
        }
        var rest = UInt32(littleEndian: key)
        while place < bytes.count {
            bytes[place] ^= UInt8(truncatingIfNeeded: rest)
            rest = rest >> 8 | rest << 24
            place &+= 1
        }
        return UInt32(littleEndian: rest)
    }
}
