import Bytes
import Glibc

/// Where a command's words go. Tests collect them; the program writes them.
package struct Console: Sendable {
    /// Answers 0, or the number of the error that kept the bytes from getting there.
    package let write: @Sendable (_ isError: Bool, _ bytes: [UInt8]) -> Int32

    /// How wide the terminal is that standard output is shown on; nil where it is none.
    package let columns: Int?

    /// The same for standard error.
    package let errorColumns: Int?

    package init(
        columns: Int? = nil, errorColumns: Int? = nil,
        write: @escaping @Sendable (_ isError: Bool, _ bytes: [UInt8]) -> Int32
    ) {
        (self.columns, self.errorColumns) = (columns, errorColumns)
        self.write = write
    }

    /// What is drawn is as wide as the terminal, and as a page elsewhere.
    var width: Int { columns ?? 100 }

    /// https://no-color.org: "should check for a NO_COLOR environment variable that, when present and not an empty string
    /// (regardless of its value), prevents the addition of ANSI color".
    var isColoured: Bool { columns != nil && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true }

    package static let standard = Console(
        columns: CallTable.widthOfTerminal(), errorColumns: CallTable.widthOfTerminal(2)
    ) { isError, bytes in Self.writeAll(bytes, to: isError ? 2 : 1) }

    package func print(_ line: String) throws(Failure) { try put(Array(line.utf8) + [UInt8(ascii: "\n")]) }

    /// Bytes as they are, on standard output.
    package func put(_ bytes: [UInt8]) throws(Failure) {
        switch write(false, bytes) {
        case 0: return
        case EPIPE: throw .nobodyReads
        case let error: throw Failure("standard output: \(String(cString: strerror(error)))")
        }
    }

    /// A line on standard error. When that cannot be written, there is nobody left to tell.
    package func complain(_ line: String) { _ = write(true, Array(line.utf8) + [UInt8(ascii: "\n")]) }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Somebody shares the descriptor and has made it non-blocking.
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
