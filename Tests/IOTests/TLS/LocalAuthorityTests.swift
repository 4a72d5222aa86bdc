import Glibc
import Support
import Testing

@testable import TLS

@Suite("The local authority") struct LocalAuthorityTests {
    let folder: TemporaryFolder
    let now = Int(time(nil))

    init() throws { folder = try TemporaryFolder() }

    @Test("it is made once, in files that nobody else may read, and found again")
    func madeOnce() throws {
        let place = folder.path("data/understudy")
        let first = try LocalAuthority(folder: place, now: now)
        let second = try LocalAuthority(folder: place, now: now)
        #expect(first.certificatePEM == second.certificatePEM && first.path == place + "/ca.pem")
        for name in ["ca.pem", "authority.pem"] {
            var status = stat()
            #expect(stat("\(place)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
        #expect(try folder.bytes("data/understudy/ca.pem") == first.certificatePEM)
        #expect(!String(decoding: first.certificatePEM, as: UTF8.self).contains("KEY"))
    }

    @Test("one that others may read is closed to them when it is read", arguments: [0o644, 0o640, 0o666, 0o604])
    func closed(mode: UInt32) throws {
        let first = try LocalAuthority(folder: folder.path, now: now)
        let file = folder.path("authority.pem")
        #expect(chmod(file, mode) == 0)
        let second = try LocalAuthority(folder: folder.path, now: now)
        #expect(second.certificatePEM == first.certificatePEM)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("one that others may read and that is not ours to close is refused with what to do")
    func cannotBeClosed() throws {
        _ = try LocalAuthority(folder: folder.path, now: now)
        var refusal: LocalAuthority.Refusal?
        try Unprivileged.run(locking: folder, files: ["authority.pem"], mode: 0o644) {
            do throws(LocalAuthority.Refusal) { _ = try LocalAuthority(folder: folder.path, now: now) } catch {
                refusal = error
            }
        }
        // Who runs the tests without being root owns the file, and may close it.
        var status = stat()
        #expect(stat(folder.path("authority.pem"), &status) == 0)
        #expect(refusal?.text.hasSuffix("give it the mode 0600") ?? (status.st_mode & 0o777 == 0o600))
    }

    @Test("servers that start at once have the same one")
    func atOnce() async throws {
        let (place, now, made) = (folder.path, now, Gathered<[UInt8]>())
        let threads = (0..<8).map { _ in
            RunningThread {
                if let authority = try? LocalAuthority(folder: place, now: now) { made.add(authority.certificatePEM) }
            }
        }
        for thread in threads { await thread.ended() }
        #expect(made.all.count == 8 && Set(made.all).count == 1)
        #expect(try folder.names == ["authority.pem", "ca.pem"])
    }

    @Test("the certificate beside it is mended, a broken authority is told, and one that runs out is made anew")
    func mended() throws {
        let first = try LocalAuthority(folder: folder.path, now: now)
        _ = try folder.write("ca.pem", Array("something else".utf8))
        _ = try LocalAuthority(folder: folder.path, now: now)
        #expect(try folder.bytes("ca.pem") == first.certificatePEM)
        let later = try LocalAuthority(folder: folder.path, now: now + 3_640 * 86_400)
        #expect(later.certificatePEM != first.certificatePEM)
        #expect(try folder.bytes("ca.pem") == later.certificatePEM)
        _ = try folder.write("authority.pem", Array("nothing".utf8))
        let refusal = #expect(throws: LocalAuthority.Refusal.self) { try LocalAuthority(folder: folder.path, now: now) }
        #expect(
            refusal?.text.hasSuffix("remove it, and a new one is made, which clients have to be told to trust again")
                == true)
    }

    @Test("a folder that cannot be made is named, with what to do")
    func noFolder() throws {
        _ = try folder.write("file", [1])
        let refusal = #expect(throws: LocalAuthority.Refusal.self) {
            try LocalAuthority(folder: folder.path("file/understudy"), now: now)
        }
        #expect(refusal?.text.contains("XDG_DATA_HOME names another place") == true)
    }
}
