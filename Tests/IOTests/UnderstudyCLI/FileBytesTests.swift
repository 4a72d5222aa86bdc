import Foundation
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Whole files") struct FileBytesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func message(_ work: () throws -> Void) -> String {
        do { try work() } catch { return (error as? Failure)?.message ?? "\(error)" }
        return ""
    }

    @Test("what is written is read", arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        try FileBytes.write(bytes, to: folder.path("a"))
        #expect(try FileBytes.read(folder.path("a")) == bytes)
        #expect(try folder.names == ["a"])
    }

    @Test("what cannot be read is named with its reason")
    func unreadable() throws {
        #expect(
            message { _ = try FileBytes.read(folder.path("no")) } == "\(folder.path("no")): No such file or directory")
        #expect(message { _ = try FileBytes.read(folder.path) } == "\(folder.path): is a folder, not a file")
        #expect(message { _ = try FileBytes.read("") } == ": No such file or directory")
        _ = try folder.write("secret", [1])
        try Unprivileged.run(locking: folder, files: ["secret"], mode: 0) {
            #expect(message { _ = try FileBytes.read(folder.path("secret")) }.hasSuffix("secret: Permission denied"))
        }
    }

    @Test("a file without an end does not fill the memory")
    func endless() throws {
        #expect(
            message { _ = try FileBytes.read("/dev/zero", most: 1 << 20) }
                == "/dev/zero: is larger than 1 MB, which no scenario is")
        let path = try folder.write("edge", [UInt8](repeating: 1, count: 100))
        #expect(try FileBytes.read(path, most: 100).count == 100)
        #expect(throws: Failure.self) { try FileBytes.read(path, most: 99) }
    }

    @Test("how a file begins, if it is a plain one")
    func beginning() throws {
        let path = try folder.write("a", [1, 2, 3])
        #expect(FileBytes.beginning(of: path, count: 2) == [1, 2])
        #expect(FileBytes.beginning(of: path, count: 9) == [1, 2, 3])
        for other in [folder.path, folder.path("no"), "/dev/zero"] {
            #expect(FileBytes.beginning(of: other, count: 2) == [])
        }
    }

    @Test("a file that is replaced keeps its rights, and nothing is left beside it")
    func replacing() throws {
        let path = try folder.write("a", Array("old".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try FileBytes.write(Array("new".utf8), to: path)
        #expect(try folder.bytes("a") == Array("new".utf8))
        let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(rights == 0o600)
        #expect(try folder.names == ["a"])
    }

    @Test("what cannot be written is named, and stays as it was")
    func unwritable() throws {
        #expect(
            message { try FileBytes.write([1], to: folder.path("no/a")) }.hasSuffix("no/a: No such file or directory"))
        #expect(message { try FileBytes.write([1], to: folder.path) }.hasSuffix("is a folder, not a file"))
        #expect(message { try FileBytes.write([1], to: "/dev/full") } == "/dev/full: No space left on device")
        _ = try folder.write("a", [7])
        try Unprivileged.run(locking: folder, files: ["a"]) {
            #expect(message { try FileBytes.write([1], to: folder.path("a")) }.hasSuffix("a: Permission denied"))
            #expect(message { try FileBytes.write([1], to: folder.path("b")) }.hasSuffix("b: Permission denied"))
        }
        #expect(try folder.bytes("a") == [7] && folder.names == ["a"])
    }

    @Test("a pipe that has a name is written into, not replaced")
    func namedPipe() async throws {
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let read = Gathered<[UInt8]>()
        let thread = RunningThread { if let bytes = try? FileBytes.read(path) { read.add(bytes) } }
        try FileBytes.write(Array("through".utf8), to: path)
        await thread.ended()
        #expect(read.all == [Array("through".utf8)])
        #expect(try folder.names == ["pipe"])
    }

    @Test("folders on the way are made, and only they")
    func folders() throws {
        try FileBytes.makeFolders(for: folder.path("a/b/c.png"))
        try FileBytes.makeFolders(for: folder.path("a/b/d.png"))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == ["a", "a/b"])
        _ = try folder.write("file", [1])
        #expect(throws: Failure.self) { try FileBytes.write([1], to: folder.path("file/x")) }
        try FileBytes.makeFolders(for: "plain.json")
    }

    @Test("a name beside a file")
    func beside() {
        #expect(FileBytes.beside("/a/b.json", "c") == "/a/c")
        #expect(FileBytes.beside("b.json", "c") == "c")
        #expect(FileBytes.beside("./x/b.json", "d/c") == "./x/d/c")
        #expect(FileBytes.beside("/a/b.json", "/c") == "/c")
    }
}
