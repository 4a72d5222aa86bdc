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
        // Neither another port of this machine nor a bare address is this server.
        for origin in ["http://localhost:3000", "http://203.0.113.5", "http://127.0.0.1", "https://localhost"] {
            #expect(stage.control("GET", "health", "", "Origin: \(origin)\r\n").0 == 403, "\(origin)")
        }
        #expect(stage.control("GET", "health", "", "Host: evil.example\r\n").0 == 403)
    }

    @Test("a page of this server's own may ask, and changes things by JSON alone")
    func ownPages() throws {
        let stage = try ControlStage()
        let own = "Origin: http://localhost\r\n"
        #expect(stage.control("GET", "health", "", own).0 == 200)
        let change = #"{"advance": "1m"}"#
        #expect(stage.control("PUT", "clock", change, own).0 == 415)
        #expect(stage.control("PUT", "clock", change, own + "Content-Type: text/plain\r\n").0 == 415)
        let json = own + "Content-Type: application/json; charset=utf-8\r\n"
        #expect(stage.control("PUT", "clock", change, json).0 == 200)
        #expect(stage.control("PUT", "clock", change).0 == 200)
        // A form sends nothing as easily as something.
        let form = own + "Content-Type: application/x-www-form-urlencoded\r\n"
        for fields in [own, form, own + "Content-Type: text/plain\r\n"] {
            #expect(stage.control("POST", "reset", "", fields).0 == 415)
            #expect(stage.control("DELETE", "faults", "", fields).0 == 415)
        }
        #expect(stage.control("POST", "reset", "", json).0 == 200)
        #expect(stage.control("POST", "reset").0 == 200)
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
