import Bytes

/// Where events end in bytes that come bit by bit: the HTML standard's "blank line", whichever way its lines end. What
/// stands behind the last one begins the next event.
package struct FrameEnds: Equatable, Sendable {
    private enum Place: UInt8 {
        /// Nothing of an event has come.
        case start
        case inLine
        /// At the start of a line that is not the first.
        case lineStart
        /// The same, behind a CR: a LF that follows belongs to it.
        case behindReturn
        /// An event has ended with a CR, and its LF may follow.
        case ended
    }

    private var place = Place.start

    package init() {}

    /// The pieces of `bytes`: each ends where an event does, but for the last, which may be part of one.
    package mutating func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        for index in bytes.indices where take(bytes[index]) {
            // The second half of CR LF stays with the first.
            if place == .ended, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") { continue }
            pieces.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { pieces.append(bytes[start...]) }
        return pieces
    }

    /// Whether an event ends with this byte.
    private mutating func take(_ byte: UInt8) -> Bool {
        switch (place, byte) {
        case (.ended, UInt8(ascii: "\n")):
            place = .start
            return true
        case (.behindReturn, UInt8(ascii: "\n")): place = .lineStart
        case (.lineStart, UInt8(ascii: "\n")):
            place = .start
            return true
        case (.lineStart, UInt8(ascii: "\r")), (.behindReturn, UInt8(ascii: "\r")):
            place = .ended
            return true
        case (.start, UInt8(ascii: "\n")), (.start, UInt8(ascii: "\r")), (.ended, UInt8(ascii: "\r")): place = .start
        case (.inLine, UInt8(ascii: "\n")): place = .lineStart
        case (.inLine, UInt8(ascii: "\r")): place = .behindReturn
        default: place = .inLine
        }
        return false
    }
}
