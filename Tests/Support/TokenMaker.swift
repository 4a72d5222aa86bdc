import Bytes
import Crypto

/// Tokens with any header and any claims, right or wrong, signed.
public enum TokenMaker {
    /// The fixture's RSA key, id `rsa`.
    package static let key = PrivateKey(TokenFixtures.bytes("rsa.pkcs8.pem"))!

    /// By RS256 whatever the header says.
    public static func signed(_ claims: String, header: String = #"{"alg":"RS256","kid":"rsa"}"#) -> String {
        signed(Array(claims.utf8), header: Array(header.utf8))
    }

    public static func signed(_ claims: [UInt8], header: [UInt8]) -> String {
        let input = "\(Base64.url.encode(header)).\(Base64.url.encode(claims))"
        return "\(input).\(Base64.url.encode(key.signRS256(Array(input.utf8))!))"
    }

    /// By HMAC with SHA-256 over any secret.
    public static func authenticated(_ claims: String, header: String, secret: [UInt8]) -> String {
        let input = "\(Base64.url.encode(Array(header.utf8))).\(Base64.url.encode(Array(claims.utf8)))"
        return "\(input).\(Base64.url.encode(HMAC.sha256(key: secret, message: Array(input.utf8))))"
    }
}
