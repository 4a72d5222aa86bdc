import Bytes
import Crypto
import SigV4
import Testing

@Suite("SignatureCalculator") struct SignatureCalculatorTests {
    @Test("a calculation leaves nothing behind for the next")
    func reuse() throws {
        let key = HMAC(.sha256, key: [1])
        var calculator = SignatureCalculator()
        var results: Set<[UInt8]> = []
        for target in ["/", "/a", "/a/long/path?with=query", "/b", "/a", "/a/../b", ""] {
            let message = World.signed(target: target)
            let authorization = try #require(try Authorization.read(message))
            let payload = SignedPayload(message, authorization)
            var fresh = SignatureCalculator()
            let isComplete = calculator.calculate(
                CanonicalRequest(), of: message, authorization, payload: payload, with: key)
            _ = fresh.calculate(CanonicalRequest(), of: message, authorization, payload: payload, with: key)
            #expect(isComplete)
            #expect(calculator.signature == fresh.signature)
            #expect(calculator.text == fresh.text)
            results.insert(calculator.signature)
        }
        #expect(results.count == 4)
    }
}
