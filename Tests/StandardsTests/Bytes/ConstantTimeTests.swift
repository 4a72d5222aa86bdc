import Bytes
import Testing

@Suite("Constant-time equality") struct ConstantTimeTests {
    @Test("equal is equal, and one bit anywhere is not")
    func equality() {
        let secret = Array("a signature of 29 characters.".utf8)
        #expect(ConstantTime.equal(secret, secret))
        #expect(ConstantTime.equal([], []))
        for place in secret.indices {
            for bit in 0..<8 {
                var other = secret
                other[place] ^= 1 << UInt8(bit)
                #expect(!ConstantTime.equal(secret, other))
            }
        }
        #expect(!ConstantTime.equal(secret, Array(secret.dropLast())))
    }
}
