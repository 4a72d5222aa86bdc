import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Control guard") struct ControlGuardTests {
    @Test(
        "hosts of this machine are answered",
        arguments: ["localhost", "LOCALHOST:8787", "127.0.0.1:1", "[::1]:8787", "a.localhost:80", "10.0.0.7"])
    func local(host: String) { #expect(ControlGuard.isLocal(host)) }

    @Test(
        "names that somebody may point here are not",
        arguments: ["evil.example", "localhost.evil.example", "", ":80", "xlocalhost", "127.0.0.1.evil.example"])
    func foreign(host: String) { #expect(!ControlGuard.isLocal(host)) }

    @Test("a web page of another origin is refused, and so is a foreign host")
    func pages() throws {
        let stage = try ControlStage()
        #expect(stage.control("GET", "health", "", "Origin: http://evil.example\r\n").0 == 403)
        #expect(stage.control("GET", "health", "", "Origin: null\r\n").0 == 403)
        #expect(stage.control("GET", "health", "", "Origin: http://localhost:3000\r\n").0 == 200)
        #expect(stage.control("GET", "health", "", "Host: evil.example\r\n").0 == 403)
    }

    @Test("with a token, it is needed and enough")
    func token() throws {
        let stage = try ControlStage(token: "s3cret")
        #expect(stage.control("GET", "health").0 == 401)
        #expect(stage.control("GET", "health", "", "Authorization: Bearer s3cre\r\n").0 == 401)
        #expect(stage.control("GET", "health", "", "Authorization: Bearer s3cret\r\n").0 == 200)
        #expect(stage.control("GET", "health", "", "Authorization: bearer s3cret\r\n").0 == 200)
        #expect(try stage.call().status == 200)
    }
}
