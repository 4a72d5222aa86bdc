import Glibc
import HTTPWire

// Rules.  Of a large content that is only passed on, the first megabyte stays in memory, for the journal; the rest goes into a
//         file without a name, which is gone when nobody needs it.
// Theory. It cannot be passed on as it comes: whether the caller may call is known when its signature was verified over
//         all of it.

/// The rest of a large content, while it arrives.
final class SpooledContent: @unchecked Sendable {
    /// Bytes that stay in memory, and those that gather before they are written.
    static let kept = 1 << 20
    static let threshold = 2 << 20

    private let descriptor: Int32
    private(set) var count = 0

    /// Nil when there is no place for it.
    init?() {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var path = Array("\(folder)/understudy-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(path)
    }

    deinit { close(descriptor) }

    /// False when it cannot be written.
    func append(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
            count += written
        }
        return true
    }

    /// All of it, once it is complete.
    var content: ContentAside {
        ContentAside(count: count) { [self] offset, most in
            var bytes = [UInt8](repeating: 0, count: most)
            return pread(descriptor, &bytes, most, off_t(offset)) == most ? bytes : nil
        }
    }
}
