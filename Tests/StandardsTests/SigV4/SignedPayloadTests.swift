import Bytes
import Crypto
import SigV4
import Testing

@Suite("Signed payload") struct SignedPayloadTests {
    static let header = "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c"
    static let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    static func payload(_ claim: String?, body: String = "hello", digest: [UInt8]? = nil) throws -> SignedPayload {
        var message = Message(authorization: header)
        message.body = Array(body.utf8)
        message.bodyDigest = digest
        if let claim { message.add("X-Amz-Content-Sha256", claim) }
        return SignedPayload(message, try #require(try Authorization.read(message)))
    }

    @Test("without a claim the body is hashed, unless it was already")
    func computed() throws {
        #expect(try String(lossy: Self.payload(nil).line) == Self.hello)
        #expect(try String(lossy: Self.payload(nil, body: "").line) == Hex.encode(SHA256.ofNothing))
        #expect(try String(lossy: Self.payload(nil, digest: [1, 2]).line) == "0102")
        #expect(try Self.payload(nil).contradiction == nil)
    }

    @Test(
        "a literal is taken as it is",
        arguments: ["UNSIGNED-PAYLOAD", hello, hello.uppercased()])
    func literal(claim: String) throws {
        let payload = try Self.payload(claim)
        #expect(String(lossy: payload.line) == claim)
        #expect(payload.contradiction == nil)
    }

    @Test(
        "signed chunks are S3's alone: the literal that announces them contradicts the body, and says so",
        arguments: [
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        ])
    func streaming(claim: String) throws {
        let fields: [Signer.Field] = [("Host", World.host), ("X-Amz-Content-Sha256", claim)]
        let refusal = try #require(World.refusal(World.signed(fields: fields)))
        #expect(refusal.message == VerifierTests.mismatch)
        #expect(refusal.why?.hasPrefix("x-amz-content-sha256 is \(claim), the body's SHA-256 is ") == true)
        #expect(
            refusal.why?.hasSuffix("; signed chunks are for S3: send the body as it is and sign its SHA-256") == true)
    }

    @Test("anything else contradicts the body", arguments: ["", "0", "unsigned-payload", "UNSIGNED-PAYLOAD ", "é"])
    func contradiction(claim: String) throws {
        #expect(try Self.payload(claim).contradiction?.contains(Self.hello) == true)
    }
}
