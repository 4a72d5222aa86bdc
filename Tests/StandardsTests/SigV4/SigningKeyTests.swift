import Bytes
import SigV4
import Testing

@Suite("SigningKey") struct SigningKeyTests {
    @Test("the key of the AWS documentation's example")
    func published() {
        let key = SigningKey.derive(
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", date: Array("20150830".utf8)[...],
            region: Array("us-east-1".utf8)[...], service: Array("iam".utf8)[...])
        #expect(Hex.encode(key) == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    }
}
