import Bytes
import SigV4
import Testing

@Suite("CanonicalRequest") struct CanonicalRequestTests {
    @Test("six parts, each on its line, and what was there before is gone")
    func parts() throws {
        let message = World.signed(target: "/a%2Fb?z=1&a=2")
        let authorization = try #require(try Authorization.read(message))
        var text = Array("before".utf8)
        let isComplete = CanonicalRequest().write(
            message, authorization, payload: SignedPayload(message, authorization), into: &text)
        #expect(isComplete)
        #expect(
            String(lossy: text) == """
                POST
                /a%252Fb
                a=2&z=1
                content-type:application/json
                host:\(World.host)
                x-amz-date:20260115T120000Z

                content-type;host;x-amz-date
                fa15bd108b18eb610f5410b1446e7c2c59e0656c6c8eb42321a9c8ad65358450
                """)
    }

    @Test("an empty query is no query")
    func emptyQuery() {
        let fields: [Signer.Field] = [("Host", World.host)]
        let added = World.signer().sign(method: "GET", target: "/a", fields: fields, at: World.now)
        #expect(World.verify(Message(method: "GET", target: "/a?", fields: fields + added)) == World.verified)
    }

    @Test("what a caller proves itself with is left out for eyes")
    func redaction() throws {
        let message = World.signed(fields: [("Host", "a"), ("Cookie", "c"), ("X", "c")], token: "T")
        let authorization = try #require(try Authorization.read(message))
        var text: [UInt8] = []
        _ = CanonicalRequest(isRedacting: true).write(
            message, authorization, payload: SignedPayload(message, authorization), into: &text)
        #expect(String(lossy: text).contains("\ncookie:[redacted]\nhost:a\nx:c\nx-amz-date:20260115T120000Z\n"))
        #expect(String(lossy: text).contains("\nx-amz-security-token:[redacted]\n"))
    }
}
