/// The other side of a conversation that is passed on, as the conversation sees it. Whoever holds its connection sets what is
/// done.
package final class FarEnd: @unchecked Sendable {
    /// Bytes that wait for the client before the other side is no longer read.
    package static let mostWaiting = 1 << 20

    package var passes: ([UInt8], _ isBinary: Bool) -> Void = { _, _ in }
    package var closes: (_ code: UInt16?, _ reason: String) -> Void = { _, _ in }
    /// There is room for more of what it says.
    package var reads: () -> Void = {}
    /// Bytes that the other side has not taken yet.
    package var unsent: () -> Int = { 0 }
    private var isClosed = false

    package init() {}

    func pass(_ message: [UInt8], isBinary: Bool) {
        if !isClosed { passes(message, isBinary) }
    }

    func goOn() { reads() }

    var backlog: Int { unsent() }

    /// The client has closed, or is gone. Only the first is told.
    func close(code: UInt16?, reason: String) {
        guard !isClosed else { return }
        isClosed = true
        closes(code, reason)
    }
}
