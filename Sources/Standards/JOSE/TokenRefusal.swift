/// Why a token is not believed. None of them quotes the token.
package enum TokenRefusal: Error, Equatable, CustomStringConvertible {
    /// It is no compact JWS, or its header or claims are not what RFC 7515 and RFC 7519 say.
    case malformed(String)
    /// `none`, a name nobody knows, or one that is not allowed here.
    case algorithm(String)
    /// RFC 7515 4.1.11: "If any of the listed extension Header Parameters are not understood and supported by the
    /// recipient, then the JWS is invalid." We understand none.
    case critical
    /// No key of this id, or none at all that fits.
    case unknownKey(id: String?)
    /// The key is there but not for this: its `alg`, `kty` or `crv` says otherwise.
    case keyDoesNotFit(String)
    case signature

    package var description: String {
        switch self {
        case .malformed(let what): "not a usable token: \(what)"
        case .algorithm(let name): "the token's alg is \(name), which is not allowed here"
        case .critical: "the token's header has crit or b64: extensions that are not understood"
        case .unknownKey(let id?): "no usable key in the key set has the token's kid \(id)"
        case .unknownKey(nil): "the token names no key, and not exactly one key of the set fits its alg"
        case .keyDoesNotFit(let name): "the key of the token's kid is not for \(name)"
        case .signature: "the token's signature is not by its key"
        }
    }

    /// What the sender wrote, made fit for a message: short, and without control characters for somebody's terminal.
    package static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(64).map { (" "..."~").contains($0) ? $0 : "?" }
        return "'\(String(String.UnicodeScalarView(scalars)))'"
    }
}
