import Glibc

/// A database file as it lies on the disk, looked at without SQLite, which would leave sidecars beside it or take an
/// empty file for an empty database. Positions are those of SQLite's file format, section 1.3, "The Database Header".
package struct DatabaseFile: Equatable {
    enum Content: Equatable {
        case missing
        case empty
        case database(Header)
    }

    struct Header: Equatable {
        var isWriteAhead: Bool
        var pageCount: Int
        var pageSize: Int
        var userVersion: Int
        var applicationID: Int
        /// "The in-header database size is only considered to be valid if it is non-zero and if the 4-byte change
        /// counter at offset 24 exactly matches the 4-byte version-valid-for number at offset 92."
        var countsPages: Bool
    }

    var content: Content
    var size: Int
    /// Which file it is and when it last changed: whether another look found the same.
    var device: UInt
    var inode: UInt
    var changed: Int

    init(path: String) throws(DatabaseError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw DatabaseError(.missing, path: path, what: "is not the name of a file")
        }
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw Self.unreadable(path) }
            (content, size, device, inode, changed) = (.missing, 0, 0, 0, 0)
            return
        }
        let format = status.st_mode & S_IFMT
        guard format == S_IFREG else {
            let what = format == S_IFDIR ? "is a folder, not a file" : "is not a file"
            throw DatabaseError(.foreign, path: path, what: what, hint: "name a library file")
        }
        size = Int(status.st_size)
        (device, inode) = (UInt(status.st_dev), UInt(status.st_ino))
        changed = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
        content = size == 0 ? .empty : .database(try Self.header(path))
    }

    /// How many bytes it has; none where there is no file.
    package static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Whether a write-ahead log with something in it lies beside the file: then the file alone is not the truth.
    static func hasLog(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    private static func header(_ path: String) throws(DatabaseError) -> Header {
        let bytes = try head(path)
        guard bytes.count == 100, Array(bytes[..<16]) == Array("SQLite format 3\0".utf8) else {
            throw DatabaseError(
                .foreign, path: path, what: "is not a SQLite database",
                hint: "a scenario file ends in .json; `understudy load` makes a library of one")
        }
        let pageSize = Int(bytes[16]) << 8 | Int(bytes[17])
        return Header(
            isWriteAhead: bytes[18] == 2, pageCount: number(bytes, at: 28), pageSize: pageSize == 1 ? 65_536 : pageSize,
            userVersion: number(bytes, at: 60), applicationID: number(bytes, at: 68),
            countsPages: number(bytes, at: 24) == number(bytes, at: 92) && number(bytes, at: 28) > 0)
    }

    private static func head(_ path: String) throws(DatabaseError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(descriptor, &bytes, 100)
        guard count >= 0 else { throw unreadable(path) }
        return Array(bytes[..<count])
    }

    /// Four bytes, the most significant first.
    private static func number(_ bytes: [UInt8], at place: Int) -> Int {
        bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func unreadable(_ path: String) -> DatabaseError {
        DatabaseError(.unreadable, path: path, what: "cannot be read: \(String(cString: strerror(errno)))")
    }
}
