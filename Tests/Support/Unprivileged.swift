import Foundation

/// Does something as somebody who may not write a folder, nor do more with its files than `mode` says. Root may do
/// everything, so for root the thread becomes somebody else for the while.
public enum Unprivileged {
    public static func run(
        locking folder: TemporaryFolder, files: [String], mode: Int = 0o444, _ work: () throws -> Void
    ) throws {
        for name in files { try restrict(folder.path(name), mode) }
        try restrict(folder.path, 0o555)
        defer { try? restrict(folder.path, 0o755) }
        let before = setFileSystemUser(65_534)
        defer { _ = setFileSystemUser(before) }
        try work()
    }

    private static func restrict(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// `setfsuid(2)`, which Swift's Glibc module does not show: it counts for the calling thread alone.
    private static func setFileSystemUser(_ user: UInt32) -> UInt32 {
        typealias Function = @convention(c) (UInt32) -> Int32
        guard let symbol = dlsym(nil, "setfsuid") else { return user }
        return UInt32(bitPattern: unsafeBitCast(symbol, to: Function.self)(user))
    }
}
