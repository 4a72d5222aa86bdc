import Bytes
import Foundation

/// The keys and tokens of `fixtures/jose`, made by another implementation.
public enum TokenFixtures {
    public struct Token: Decodable, Sendable, CustomStringConvertible {
        public var kid: String
        public var alg: String
        public var token: String

        public var description: String { "\(alg) by \(kid)" }

        /// What was signed, and the signature.
        public var parts: (message: [UInt8], signature: [UInt8]) {
            let dot = token.lastIndex(of: ".")!
            return (Array(token[..<dot].utf8), Base64.url.decode(Array(token[dot...].dropFirst().utf8))!)
        }
    }

    public struct Key: Decodable, Sendable {
        public var kty: String
        public var kid: String
        public var crv: String?
        public var n: String?
        public var e: String?
        public var x: String?
        public var y: String?
    }

    private struct KeySet: Decodable { var keys: [Key] }

    public static func bytes(_ name: String) -> [UInt8] {
        Array(try! Data(contentsOf: Vectors.repository.appending(path: "fixtures/jose/\(name)")))
    }

    public static let tokens = try! JSONDecoder().decode([Token].self, from: Data(bytes("tokens.json")))
    public static let keys = try! JSONDecoder().decode(KeySet.self, from: Data(bytes("keys.json"))).keys

    public static func key(_ kid: String) -> Key { keys.first { $0.kid == kid }! }
    public static func token(_ algorithm: String) -> Token { tokens.first { $0.alg == algorithm }! }
}
