import Access
import HTTPWire
import Testing

@Suite("Gate") struct GateTests {
    private func credentials(_ fields: String, query: String = "") throws -> Gate.Credentials {
        let bytes = Array("POST /runtimes/a/invocations\(query) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n".utf8)
        return Gate.Credentials(in: try #require(Request(reading: bytes)))
    }

    @Test("what a caller shows is told by its looks, before anything of it is believed")
    func looks() throws {
        #expect(try credentials("") == .nothing)
        #expect(try credentials("Authorization: AWS4-HMAC-SHA256 Credential=x\r\n") == .signature)
        #expect(try credentials("", query: "?X-Amz-Signature=abc") == .signature)
        #expect(try credentials("", query: "?X-Amz-Algorithm=AWS4-HMAC-SHA256") == .signature)
        #expect(try credentials("Authorization: Bearer abc\r\n") == .bearer)
        #expect(try credentials("authorization: Basic abc\r\n") == .bearer)
        #expect(try credentials("Authorization: AWS key:signature\r\n") == .signature, "as it was before")
        #expect(try credentials("Authorization: AWSome\r\n") == .bearer)
    }

    @Test("an Authorization without a value shows nothing, and hides no presigned query", arguments: ["", "  ", "\t"])
    func empty(value: String) throws {
        let field = "Authorization:\(value)\r\n"
        #expect(try credentials(field) == .nothing)
        #expect(try credentials(field, query: "?X-Amz-Signature=abc") == .signature)
        let stage = try Stage(
            script(#"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "auth": "sigv4""#), checksAccess: true)
        let reply = try stage.invoke("{}", [("Authorization", "")])
        #expect(reply.status == 403 && reply.message == "Missing Authentication Token")
    }

    @Test("an agent that asks nobody lets everybody in")
    func none() throws {
        let stage = try Stage(
            script(#"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "auth": "none""#), checksAccess: true)
        #expect(try stage.invoke().body == "ok")
        #expect(try stage.invoke("{}", [("Authorization", "Bearer nonsense")]).body == "ok")
    }

    @Test("with any, each kind of credentials is verified as itself")
    func any() throws {
        let stage = try Stage()
        #expect(try stage.invokeSigned().status == 200)
        #expect(try stage.invoke().status == 403)
        #expect(
            try stage.invoke("{}", [("Authorization", "Bearer nonsense")]).message
                == "OAuth authorization failed: Failed to parse token")
    }
}
