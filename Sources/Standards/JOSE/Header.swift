import Bytes
import JSON

/// The JOSE header of a compact JWS. Whatever it says about where to find keys (`jku`, `jwk`, `x5u`, `x5c`) is not
/// even read: a token must not choose who vouches for it.
package struct Header: Equatable, Sendable {
    package let algorithm: Algorithm
    package let keyID: String?
    package let type: String?

    /// An embedded JWK needs three levels; nothing needs more than this.
    private static let options = JSON.Options(duplicateMembers: .refuse, maximumDepth: 16)

    init(_ json: [UInt8]) throws(TokenRefusal) {
        let value: JSON.Value
        do { value = try JSON.Value.parse(json, Self.options) } catch {
            throw .malformed("its header is not JSON: \(error.message)")
        }
        guard value.members != nil else { throw .malformed("its header is not a JSON object") }
        // RFC 7797 5.2 demands `crit` with `b64`; without it, a verifier that ignores `b64` reads another payload.
        guard value["crit"] == nil, value["b64"] == nil else { throw .critical }
        // RFC 7516 4.1.3 knows `zip` for encryption only. Inflating what is not verified yet is an invitation.
        guard value["zip"] == nil else { throw .malformed("its header has zip, which signed tokens do not have") }
        keyID = try Self.text("kid", in: value)
        type = try Self.text("typ", in: value)
        guard let name = try Self.text("alg", in: value) else { throw .malformed("its header has no alg") }
        guard let algorithm = Algorithm(rawValue: name) else { throw .algorithm(TokenRefusal.shown(name)) }
        self.algorithm = algorithm
    }

    private static func text(_ name: String, in value: JSON.Value) throws(TokenRefusal) -> String? {
        guard let member = value[name] else { return nil }
        guard let text = member.text else { throw .malformed("its header's \(name) is \(member.kind)") }
        return text
    }
}
