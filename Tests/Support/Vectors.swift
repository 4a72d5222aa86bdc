import Foundation

/// Published vectors are read where they are: `UNDERSTUDY_VECTORS`, or `../shared/vectors` beside the checkout.
public enum Vectors {
    public static let folder =
        ProcessInfo.processInfo.environment["UNDERSTUDY_VECTORS"]
        ?? repository.deletingLastPathComponent().appending(path: "shared/vectors").path

    /// Tests that need the vectors are skipped, and say so, where there are none: a user's clone.
    public static let areHere = FileManager.default.fileExists(atPath: folder)

    public static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder).appending(path: path)))
    }

    public static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
