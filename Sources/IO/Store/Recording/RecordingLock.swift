import CShims
import Glibc

// Rules.  Whoever records into a file holds it until the end of the recording or of the program, however that ends. Who
//         finds it held changes nothing in it.
// Theory. Positions, pseudonyms and the row of the recording are counted in the memory of who writes them: two who write
//         would give the same ones twice. SQLite's own locks are held for a transaction only. This one is `flock`'s, which
//         belongs to the open file and goes with it.

/// The right to be the only one who records into a file.
final class RecordingLock {
    private let descriptor: Int32
    /// Whether the file was made for it.
    private let isOwn: Bool
    private let path: String
    private var isHeld = false

    /// Nil where there is no file and none can be made: whoever opens it says why. `makes` it where there is none.
    init?(_ path: String, makes: Bool) throws(DatabaseError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        isOwn = opened < 0 && errno == ENOENT && makes
        descriptor = isOwn ? open(path, O_RDONLY | O_CLOEXEC | O_CREAT | O_EXCL, 0o644) : opened
        self.path = path
        guard descriptor >= 0 else { return nil }
        isHeld = shim_lock(descriptor) == 0
        guard isHeld else {
            throw DatabaseError(
                .busy, path: path, what: "is being recorded into already",
                hint: "record into another file, or end the other recording first")
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        // What was made and never filled would be in somebody's way.
        var status = stat()
        if isOwn, isHeld, fstat(descriptor, &status) == 0, status.st_size == 0 { unlink(path) }
        close(descriptor)
    }
}

extension DatabaseFile {
    /// Which file it is, whatever it is called. It is not opened: closing it again would give up what SQLite holds of it.
    package struct Identity: Equatable, Sendable {
        private let device: UInt
        private let inode: UInt

        /// Nil where there is none.
        package init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            (device, inode) = (UInt(status.st_dev), UInt(status.st_ino))
        }
    }
}
