import Glibc

/// Whole files, read or written in one go.
package enum FileBytes {
    /// Far more than any scenario; a device without an end shall not fill the memory.
    package static let most = 256 << 20

    package static func read(_ path: String, most: Int = most) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path, errno) }
        guard !isDirectory(status) else { throw failure(path, EISDIR) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(Int(status.st_size), most))
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= most {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
        }
        throw Failure("\(path): is larger than \(most >> 20) MB, which no scenario is")
    }

    /// A regular file below one of the folders, by where it really lies: links lead out as well as dots do.
    static func read(_ path: String, below folders: [String]) throws(Failure) -> [UInt8] {
        guard let place = realPath(path) else { throw failure(path, errno) }
        let isInside = folders.compactMap(realPath).contains { $0 == "/" || place.hasPrefix($0 + "/") }
        guard isInside else {
            throw Failure(
                "\(path): lies outside the scenario's folder; put it there, or allow its folder with --allow-files DIR")
        }
        var status = stat()
        guard stat(place, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw isDirectory(status) ? failure(path, EISDIR) : Failure("\(path): is no regular file")
        }
        return try read(place)
    }

    private static func realPath(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// How a plain file begins; empty for what is none, which could not be read twice.
    package static func beginning(of path: String, count: Int) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(file, &bytes, count)
        return Array(bytes.prefix(max(0, got)))
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Written beside its place and renamed, so that whoever waits for the file never sees half of it. What is there
    /// and no plain file (a pipe, a terminal) is written into.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        guard !isThere || !isDirectory(status) else { throw failure(path, EISDIR) }
        guard !isThere || access(path, W_OK) == 0 else { throw failure(path, errno) }
        guard !isThere || status.st_mode & S_IFMT == S_IFREG else {
            return try put(bytes, path, open(path, O_WRONLY | O_CLOEXEC))
        }
        let draft = "\(path).\(getpid()).partial"
        unlink(draft)
        let mode = isThere ? status.st_mode & 0o777 : 0o644
        do throws(Failure) {
            try put(bytes, path, open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode))
            guard rename(draft, path) == 0 else { throw failure(path, errno) }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func put(_ bytes: [UInt8], _ path: String, _ file: Int32) throws(Failure) {
        guard file >= 0 else { throw failure(path, errno) }
        let error = Console.writeAll(bytes, to: file)
        let closing = close(file) == 0 ? 0 : errno
        guard error == 0, closing == 0 else { throw failure(path, error == 0 ? closing : error) }
    }

    /// Makes the folders that a file's path names and that are not there.
    package static func makeFolders(for path: String) throws(Failure) {
        for (place, byte) in path.utf8.enumerated().dropFirst() where byte == UInt8(ascii: "/") {
            let folder = String(decoding: path.utf8.prefix(place), as: UTF8.self)
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure(folder, errno) }
        }
    }

    /// `name` as a file beside `path`, unless it says where it is.
    package static func beside(_ path: String, _ name: String) -> String {
        guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
        return String(path[...slash]) + name
    }

    private static func isDirectory(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    private static func failure(_ path: String, _ error: Int32) -> Failure {
        Failure(error == EISDIR ? "\(path): is a folder, not a file" : "\(path): \(String(cString: strerror(error)))")
    }
}
