/// What happens on one connection, as a machine without a socket, a clock or a thread. Whoever owns the socket tells it
/// what happened, in the past tense, and when; it says what to do, and its shell does just that.
///
/// The server's machine and the client's are two of them. A machine that takes a connection over after 101 is a third:
/// the shell hands it `held`, where the bytes behind the request lie, and whatever comes after them.
package protocol Exchange {
    associatedtype Action: Equatable
    /// What all exchanges of its kind are done by, which none of them keeps.
    associatedtype Rules

    /// Whether bytes are wanted now. Otherwise they stay where they are, and hold the sender back.
    var takesInput: Bool { get }

    /// Nothing will be done any more.
    var isOver: Bool { get }

    /// `held` ends inside a message that goes on with the next bytes.
    var isMidMessage: Bool { get }

    /// Bytes arrived. The machine takes those from `next` on up to the next thing that has to be done; the caller keeps
    /// the rest, and in `held` what the machine has to see again.
    mutating func received(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: Rules
    ) -> Action

    /// The other side sends nothing more.
    mutating func inputEnded(held: inout [UInt8]) -> Action

    /// What was waited for did not come.
    mutating func deadlinePassed(at now: Int64, _ rules: Rules) -> Action
}
