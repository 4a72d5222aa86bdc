/// Why a conversation ends, as a number (RFC 6455 7.4).
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let normal = CloseCode(rawValue: 1_000)
    package static let goingAway = CloseCode(rawValue: 1_001)
    package static let protocolError = CloseCode(rawValue: 1_002)
    package static let unsupportedData = CloseCode(rawValue: 1_003)
    package static let invalidData = CloseCode(rawValue: 1_007)
    package static let policyViolated = CloseCode(rawValue: 1_008)
    package static let messageTooBig = CloseCode(rawValue: 1_009)
    package static let internalError = CloseCode(rawValue: 1_011)

    /// Whether it may stand in a frame: what the RFC and IANA's registry (1012 to 1014) define, and the numbers for
    /// libraries and applications. 1005, 1006 and 1015 "MUST NOT be set as a status code in a Close control frame";
    /// 1004 is "Reserved", and all the others are nobody's yet.
    package var mayBeSent: Bool {
        switch rawValue {
        case 1_000...1_003, 1_007...1_014, 3_000...4_999: true
        default: false
        }
    }
}

/// What the other end did that no standard allows, or that is more than this end takes. The conversation has failed.
package enum ConversationFailure: Error, Hashable, Sendable {
    case reservedBits
    case reservedOpcode(UInt8)
    case controlFragmented
    case controlTooLong
    case continuesNothing
    case messageNotContinued
    case notMasked
    case masked
    case lengthNotShortest
    case lengthNegative
    case frameTooLong(UInt64)
    case messageTooLong
    case notUTF8
    case closeCodeCut
    case closeCodeInvalid(UInt16)

    /// What the other end is told (RFC 6455 7.4.1).
    package var code: CloseCode {
        switch self {
        case .notUTF8: .invalidData
        case .frameTooLong, .messageTooLong: .messageTooBig
        default: .protocolError
        }
    }
}

extension ConversationFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reservedBits: "a reserved bit is set, and no extension was agreed on"
        case .reservedOpcode(let opcode): "the opcode \(opcode) is reserved"
        case .controlFragmented: "a control frame is fragmented"
        case .controlTooLong: "a control frame is longer than 125 bytes"
        case .continuesNothing: "a continuation frame continues nothing"
        case .messageNotContinued: "a message begins before the last one has ended"
        case .notMasked: "a frame of the client is not masked"
        case .masked: "a frame of the server is masked"
        case .lengthNotShortest: "a length is not written in the fewest bytes"
        case .lengthNegative: "the highest bit of a length is set"
        case .frameTooLong(let length): "a frame of \(length) bytes is longer than the limit"
        case .messageTooLong: "a message is longer than the limit"
        case .notUTF8: "a text is not UTF-8"
        case .closeCodeCut: "a close frame has one byte, which is no code"
        case .closeCodeInvalid(let code): "the close code \(code) cannot stand in a frame"
        }
    }
}
