import SigV4
import Testing
import Time

@Suite("Signing credential") struct SigningCredentialTests {
    @Test("descriptions and dumps tell no secret")
    func secrets() {
        let credential = SigningCredential(secret: "S3CR3T", sessionToken: "T0K3N")
        var dumped = ""
        dump(credential, to: &dumped)
        for text in ["\(credential)", String(reflecting: credential), dumped, "\([credential])"] {
            #expect(!text.contains("S3CR3T") && !text.contains("T0K3N"))
        }
        #expect("\(credential)" == "credential with a session token")
    }

    @Test("a credential ends at its expiry, not after it")
    func expiry() {
        for (offset, isVerified) in [(-1, false), (0, false), (1, true)] {
            let outcome = World.verify(World.signed(), expires: World.now + .seconds(offset))
            #expect((outcome == World.verified) == isVerified)
        }
    }
}
