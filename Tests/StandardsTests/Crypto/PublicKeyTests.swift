import Bytes
import Crypto
import Support
import Testing

@Suite("PublicKey") struct PublicKeyTests {
    @Test("every algorithm's signature by another implementation holds", arguments: TokenFixtures.tokens)
    func holds(token: TokenFixtures.Token) throws {
        let key = try Keys.make(token.kid)
        let algorithm = try #require(Keys.algorithm(token))
        #expect(key.verify(token.parts.signature, of: token.parts.message, by: algorithm))
    }

    @Test("any bit changed in the message or the signature, and it does not hold", arguments: TokenFixtures.tokens)
    func tampered(token: TokenFixtures.Token) throws {
        let key = try Keys.make(token.kid)
        let algorithm = try #require(Keys.algorithm(token))
        let (message, signature) = token.parts
        for place in stride(from: 0, to: signature.count, by: 13) {
            var changed = signature
            changed[place] ^= 1 << (place % 8)
            #expect(!key.verify(changed, of: message, by: algorithm))
        }
        #expect(!key.verify(signature, of: message + [0], by: algorithm))
        #expect(!key.verify(signature, of: [], by: algorithm))
    }

    @Test(
        "a signature of another length does not hold, zeros before or after it included",
        arguments: TokenFixtures.tokens)
    func lengths(token: TokenFixtures.Token) throws {
        let key = try Keys.make(token.kid)
        let algorithm = try #require(Keys.algorithm(token))
        let (message, signature) = token.parts
        for changed in [[], [0], signature + [0], [0] + signature, Array(signature.dropLast()), signature + signature] {
            #expect(!key.verify(changed, of: message, by: algorithm))
        }
    }

    @Test("a signature holds under no other algorithm, whichever key", arguments: TokenFixtures.tokens)
    func confusion(token: TokenFixtures.Token) throws {
        let own = Keys.algorithm(token)
        for key in try TokenFixtures.keys.map({ try Keys.make($0.kid) }) {
            for algorithm in Keys.algorithms where algorithm != own {
                #expect(!key.verify(token.parts.signature, of: token.parts.message, by: algorithm))
            }
        }
    }

    @Test("a PSS signature with a salt of another length does not hold")
    func saltLength() throws {
        // Made with the fixture's key: SHA-256, MGF1 over SHA-256, salt of 0 and of 222 octets, over "message".
        let key = try Keys.make("rsa")
        let lines = String(decoding: TokenFixtures.bytes("pss-salts.txt"), as: UTF8.self).split(separator: "\n")
        let signatures = lines.map { Hex.decode(Array($0.utf8)) ?? [] }
        #expect(signatures.map(\.count) == [256, 256, 256])
        #expect(
            signatures.map { key.verify($0, of: Array("message".utf8), by: .rsaPSS(.sha256)) } == [true, false, false])
    }

    @Test("P-256 tells the zeros that no signer produces, and R or S not below the order")
    func edges() throws {
        let key = try Keys.make("p256")
        let order = try #require(
            Hex.decode(Array("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551".utf8)))
        let zero = [UInt8](repeating: 0, count: 32)
        let one: [UInt8] = zero.dropLast() + [1]
        let all = [UInt8](repeating: 0xFF, count: 32)
        for r in [zero, one, order, all] {
            for s in [zero, one, order, all] {
                #expect(!key.verify(r + s, of: Array("any".utf8), by: .ecdsa(.sha256)))
            }
        }
    }

    @Test("Ed25519 with S raised by the group's order does not hold")
    func malleable() throws {
        let token = try #require(TokenFixtures.tokens.first { $0.kid == "ed25519" })
        let order = try #require(
            Hex.decode(Array("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010".utf8)))
        let message = token.parts.message
        var signature = token.parts.signature
        var carry = 0
        for place in 0..<32 {
            carry += Int(signature[32 + place]) + Int(order[place])
            signature[32 + place] = UInt8(carry & 255)
            carry >>= 8
        }
        #expect(try !Keys.make("ed25519").verify(signature, of: message, by: .ed25519))
    }

    @Test("many threads may share a key")
    func shared() async throws {
        let key = try Keys.make("rsa")
        let (message, signature) = TokenFixtures.token("RS256").parts
        let all = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { key.verify(signature, of: message, by: .rsaPKCS1(.sha256)) } }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(all)
    }
}

/// Keys of the fixtures, made from their raw components.
enum Keys {
    static let algorithms: [PublicKeyAlgorithm] =
        [.ed25519, .ed448]
        + Digest.allCases.flatMap { [.rsaPKCS1($0), .rsaPSS($0), .ecdsa($0)] as [PublicKeyAlgorithm] }

    static func algorithm(_ token: TokenFixtures.Token) -> PublicKeyAlgorithm? {
        switch token.alg {
        case "RS256": .rsaPKCS1(.sha256)
        case "RS384": .rsaPKCS1(.sha384)
        case "RS512": .rsaPKCS1(.sha512)
        case "PS256": .rsaPSS(.sha256)
        case "PS384": .rsaPSS(.sha384)
        case "PS512": .rsaPSS(.sha512)
        case "ES256": .ecdsa(.sha256)
        case "ES384": .ecdsa(.sha384)
        case "ES512": .ecdsa(.sha512)
        default: token.kid == "ed448" ? .ed448 : .ed25519
        }
    }

    static func decode(_ text: String?) -> [UInt8] { text.flatMap { Base64.url.decode(Array($0.utf8)) } ?? [] }

    static func make(_ kid: String) throws -> PublicKey {
        let key = TokenFixtures.key(kid)
        let (x, y) = (decode(key.x), decode(key.y))
        return switch key.crv {
        case "P-256": try PublicKey(curve: .p256, x: x, y: y)
        case "P-384": try PublicKey(curve: .p384, x: x, y: y)
        case "P-521": try PublicKey(curve: .p521, x: x, y: y)
        case "Ed25519": try PublicKey(edwards: .ed25519, point: x)
        case "Ed448": try PublicKey(edwards: .ed448, point: x)
        default: try PublicKey(rsaModulus: decode(key.n), exponent: decode(key.e))
        }
    }
}
