import Delivery

/// Whoever decides what is said in a conversation. All times are nanoseconds after the call arrived.
package protocol ConversationPartner: AnyObject {
    /// What leaves next: the answer that opens the conversation, then runs of frames that are messages. Nobody asks after
    /// the last step, or after `ended`.
    func next(at elapsed: Int64) -> NextSteps

    /// A whole message came. Returns what the journal says of it beside the usual, see `MessageLog.Entry.note`.
    func hear(_ message: [UInt8], isBinary: Bool, at elapsed: Int64) -> [UInt8]

    /// The client says that it is done.
    func hearClose(code: UInt16?, reason: String, at elapsed: Int64)

    /// Something came or left: the session is in use.
    func noteUse(at elapsed: Int64)

    /// How long the conversation may last, as it looks now.
    func lifetime(at elapsed: Int64) -> ConversationLifetime

    /// How much is decided and has not left, in bytes.
    var backlog: Int { get }

    /// What the clock of the call's space says, in nanoseconds since 1970; nil for one that was never moved.
    func clock(at elapsed: Int64) -> Int64?

    /// The conversation is over. Returns what the journal says of the call's faults, as JSON, where that has changed.
    func ended() -> [UInt8]?
}

extension ConversationPartner {
    package func hearClose(code: UInt16?, reason: String, at elapsed: Int64) {}
}

package enum ConversationLifetime: Equatable, Sendable {
    /// Not before this moment, which may move.
    case lasts(until: Int64)
    /// It is over now: the close that says so.
    case over(code: UInt16, reason: String)
}
