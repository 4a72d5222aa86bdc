import Bytes
import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Tokens") struct TokensTests {
    @Test("a token is made, with the claims asked for, and never the same twice")
    func made() throws {
        let stage = try ControlStage()
        let (status, answer) = stage.control("POST", "tokens", #"{"expiresIn":"45s","claims":{"team":"red"}}"#)
        #expect(status == 200)
        let token = try #require(answer["token"]?.text)
        #expect(token.split(separator: ".").count == 3)
        #expect(stage.control("POST", "tokens").1["token"]?.text != token)
    }

    @Test("a token begins by the clock of its space")
    func clocks() throws {
        let stage = try ControlStage()
        let late = "X-Understudy-Space: late\r\n"
        func issued(_ space: String) throws -> Int {
            let answer = stage.control("POST", "tokens", "", space).1
            let parts = try #require(answer["token"]?.text).split(separator: ".")
            let claims = try #require(Base64.url.decode(Array(parts[1].utf8)))
            return try #require(try Value.parse(claims)["iat"]?.integer)
        }
        #expect(stage.control("PUT", "clock", #"{"set":"2030-01-01T00:00:00Z","freeze":true}"#, late).0 == 200)
        #expect(try issued(late) == 1_893_456_000)
        #expect(try issued("") < 1_893_456_000)
    }

    @Test("a token that cannot be made is refused", arguments: ["[]", "{", #"{"expiresIn":"soon"}"#, #"{"a":1}"#])
    func refused(body: String) throws {
        let stage = try ControlStage()
        let (status, answer) = stage.control("POST", "tokens", body)
        #expect(status == 400)
        #expect(answer["error"]?.text != nil)
    }
}
