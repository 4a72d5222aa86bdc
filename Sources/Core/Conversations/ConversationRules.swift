import WebSocketWire

/// What all conversations of a server are held by.
package final class ConversationRules {
    package struct Timeouts: Equatable, Sendable {
        /// A client that does not take what is sent to it.
        package var write: Int64 = 60_000_000_000
        /// A client that sends nothing: until it is pinged, and from then until it is given up. Nil for as long as it likes.
        package var silence: Int64? = 300_000_000_000
        /// Our close is not answered.
        package var close: Int64 = 5_000_000_000
        /// After the last frame, for the client to stop sending: between two pieces, and altogether.
        package var lingerQuiet: Int64 = 2_000_000_000
        package var linger: Int64 = 30_000_000_000

        package init() {}
    }

    /// Wire reference 5.1: 64 KB a frame, both ways, and 250 frames a second. A message of many frames has no limit that is
    /// known; this one bounds memory.
    package static let limits = Endpoint.Limits(frame: 65_536, message: 16 << 20)
    package static let framesPerSecond = 250
    /// Observed, to the letter.
    package static let frameTooLong = "message size limit of 64 KB for a message frame is exceeded"
    package static let tooManyFrames = "Max frame rate of 250 frames per second is exceeded"
    package static let pingUnanswered = "A ping was not answered"
    package static let messageTooLong = "message size limit of 16 MB is exceeded"

    /// Bytes that are assembled, or decided and not due, before the client is held back.
    static let mostAssembled = 65_536
    static let mostDecided = 4 << 20

    package let timeouts: Timeouts
    /// The value of `Date` at a moment of the monotonic clock.
    let date: (Int64) -> [UInt8]
    /// Of the answer that opens a conversation.
    let server: [UInt8]

    package init(timeouts: Timeouts = Timeouts(), server: [UInt8] = [], date: @escaping (Int64) -> [UInt8]) {
        self.server = server
        (self.timeouts, self.date) = (timeouts, date)
    }
}

/// Counts what comes in a second that begins with the first of it.
struct FrameRate: Equatable, Sendable {
    private var start = Int64.min
    private var count: Int32 = 0

    /// False for a frame too many.
    mutating func admits(at now: Int64, most: Int) -> Bool {
        if start == .min || now &- start >= 1_000_000_000 { (start, count) = (now, 0) }
        count += 1
        return count <= most
    }
}
