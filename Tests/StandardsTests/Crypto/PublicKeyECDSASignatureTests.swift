import Bytes
import Testing

@testable import Crypto

@Suite("ECDSA signatures, concatenated and as DER") struct PublicKeyECDSASignatureTests {
    @Test("R and S become the shortest integers, with a zero octet where the first bit is one")
    func shortest() {
        #expect(ECDSASignature.der(fromConcatenated: [0, 1, 0x80, 0]) == [0x30, 8, 2, 1, 1, 2, 3, 0, 0x80, 0])
        #expect(ECDSASignature.der(fromConcatenated: [0x7F, 0xFF]) == [0x30, 7, 2, 1, 0x7F, 2, 2, 0, 0xFF])
    }

    @Test("the longest signature of P-521 has a length of two octets")
    func longest() throws {
        let der = try #require(ECDSASignature.der(fromConcatenated: [UInt8](repeating: 0xFF, count: 132)))
        #expect(der.prefix(6) == [0x30, 0x81, 138, 0x02, 67, 0x00])
        #expect(der.count == 141)
    }

    @Test("zero is no R and no S", arguments: [[0, 1], [1, 0], [0, 0], []] as [[UInt8]])
    func zero(signature: [UInt8]) {
        #expect(ECDSASignature.der(fromConcatenated: signature) == nil)
    }
}
