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

    @Test("a signature is for the one service, and for any region, which is told")
    func region() {
        let signer = Signer(
            accessKeyId: "AKIDEXAMPLE", credential: SigningCredential(secret: World.secret), region: "eu-central-1",
            service: World.service)
        let fields: [Signer.Field] = [("Host", World.host)]
        let added = signer.sign(method: "GET", target: "/", fields: fields, at: World.now)
        let message = Message(method: "GET", target: "/", fields: fields + added)
        #expect(World.verify(message) == .verified(accessKeyId: "AKIDEXAMPLE", region: "eu-central-1"))
        #expect(World.verify(message, for: "bedrock") != .verified(accessKeyId: "AKIDEXAMPLE", region: "eu-central-1"))
    }
}
