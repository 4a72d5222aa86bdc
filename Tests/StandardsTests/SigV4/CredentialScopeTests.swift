import Bytes
import SigV4
import Testing

@Suite("CredentialScope") struct CredentialScopeTests {
    @Test("five parts by their places")
    func parts() throws {
        let bytes = Array("<key/20260115/us-west-2/svc/aws4_request>".utf8)
        let scope = try #require(CredentialScope(1..<(bytes.count - 1), of: bytes))
        let parts = [scope.accessKeyId, scope.date, scope.region, scope.service, scope.terminator]
        #expect(parts.map { String(lossy: bytes[$0]) } == ["key", "20260115", "us-west-2", "svc", "aws4_request"])
    }

    @Test(
        "empty parts are parts; four or six are not five",
        arguments: [("////", true), ("///", false), ("/////", false), ("", false)])
    func count(text: String, isFive: Bool) {
        #expect((CredentialScope(0..<text.utf8.count, of: Array(text.utf8)) != nil) == isFive)
    }

    @Test("without a region every region is right, and nothing else is")
    func anyRegion() {
        let anywhere = Verifier.Expectation(service: "bedrock-agentcore", region: nil)
        #expect(World.verify(World.signed(), expecting: anywhere) == World.verified)
        let elsewhere = Verifier.Expectation(service: "bedrock", region: nil)
        #expect(World.verify(World.signed(), expecting: elsewhere) != World.verified)
    }
}
