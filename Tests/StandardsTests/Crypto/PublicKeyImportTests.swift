import Bytes
import Crypto
import Support
import Testing

@Suite("PublicKey from raw components") struct PublicKeyImportTests {
    private let modulus = Keys.decode(TokenFixtures.key("rsa").n)
    private let exponent: [UInt8] = [1, 0, 1]

    @Test("an RSA key keeps its size, and octets of zero before a number mean nothing")
    func rsa() throws {
        #expect(try PublicKey(rsaModulus: modulus, exponent: exponent).kind == .rsa(bits: 2_048))
        #expect(try PublicKey(rsaModulus: [0, 0] + modulus, exponent: [0] + exponent).kind == .rsa(bits: 2_048))
    }

    @Test("an RSA modulus below 2,048 or above 8,192 bits, or an even one, is refused")
    func rsaModulus() {
        let short = Array(modulus.dropLast(128))
        #expect(throws: PublicKey.ImportError.modulusTooShort(bits: 1_024)) {
            try PublicKey(rsaModulus: short.dropLast() + [1], exponent: exponent)
        }
        #expect(throws: PublicKey.ImportError.modulusTooShort(bits: 2_047)) {
            try PublicKey(rsaModulus: [0x7F] + modulus.dropFirst(), exponent: exponent)
        }
        #expect(throws: PublicKey.ImportError.modulusTooShort(bits: 0)) {
            try PublicKey(rsaModulus: [], exponent: exponent)
        }
        #expect(throws: PublicKey.ImportError.modulusTooLong(bits: 8_193)) {
            try PublicKey(rsaModulus: [1] + [UInt8](repeating: 0xFF, count: 1_024), exponent: exponent)
        }
        #expect(throws: PublicKey.ImportError.modulusEven) {
            try PublicKey(rsaModulus: modulus.dropLast() + [2], exponent: exponent)
        }
    }

    @Test(
        "an RSA exponent of one, zero, none, an even or an overlong one is refused",
        arguments: [
            [1], [0, 1], [0], [], [2], [1, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 1],
        ] as [[UInt8]])
    func rsaExponent(exponent: [UInt8]) {
        #expect(throws: PublicKey.ImportError.exponentRefused) {
            try PublicKey(rsaModulus: modulus, exponent: exponent)
        }
    }

    @Test("a point must lie on its curve", arguments: ["p256", "p384", "p521"])
    func onCurve(kid: String) throws {
        let key = TokenFixtures.key(kid)
        let kind = try Keys.make(kid).kind
        let x = Keys.decode(key.x)
        var y = Keys.decode(key.y)
        y[y.count - 1] ^= 1
        #expect(throws: PublicKey.ImportError.pointNotOnCurve) { try PublicKey(curve: kind, x: x, y: y) }
        let zero = [UInt8](repeating: 0, count: x.count)
        #expect(throws: PublicKey.ImportError.pointNotOnCurve) { try PublicKey(curve: kind, x: zero, y: zero) }
        let all = [UInt8](repeating: 0xFF, count: x.count)
        #expect(throws: PublicKey.ImportError.pointNotOnCurve) { try PublicKey(curve: kind, x: all, y: all) }
    }

    @Test("a coordinate of another length is refused, however zero the missing octets")
    func coordinates() throws {
        let key = TokenFixtures.key("p256")
        let (x, y) = (Keys.decode(key.x), Keys.decode(key.y))
        for (x, y) in [(Array(x.dropFirst()), y), ([0] + x, y), (x, []), ([], []), (x, y + [0])] {
            #expect(throws: PublicKey.ImportError.coordinateLength) { try PublicKey(curve: .p256, x: x, y: y) }
        }
        #expect(throws: PublicKey.ImportError.coordinateLength) { try PublicKey(curve: .p384, x: x, y: y) }
        #expect(throws: PublicKey.ImportError.coordinateLength) { try PublicKey(edwards: .ed25519, point: [1, 2]) }
        #expect(throws: PublicKey.ImportError.coordinateLength) { try PublicKey(edwards: .ed448, point: x) }
    }

    @Test("a kind that is no curve makes no curve's key")
    func wrongKind() {
        let x = [UInt8](repeating: 1, count: 32)
        #expect(throws: PublicKey.ImportError.unreadable) { try PublicKey(curve: .ed25519, x: x, y: x) }
        #expect(throws: PublicKey.ImportError.unreadable) { try PublicKey(edwards: .p256, point: x) }
    }

    @Test("Edwards points of small order are refused, whatever the sign of x")
    func smallOrder() {
        for hex in [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ] {
            let point = Hex.decode(Array(hex.utf8)) ?? []
            #expect(throws: PublicKey.ImportError.pointOfSmallOrder, "\(hex)") {
                try PublicKey(edwards: .ed25519, point: point)
            }
        }
        #expect(throws: PublicKey.ImportError.pointOfSmallOrder) {
            try PublicKey(edwards: .ed448, point: [1] + [UInt8](repeating: 0, count: 56))
        }
    }
}
