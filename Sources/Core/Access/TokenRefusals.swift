import Runtime

/// What a caller with a bearer token is told, all of it in one place. Behind each text stands where it comes from
/// (wire reference, 2.3): [OBS] seen at the real service, [INF] inferred, [OPEN] nobody has written it down yet.
enum TokenRefusals {
    /// [OBS] No `Authorization`, or an empty one.
    static func missing() -> Denial { unauthorized("Missing Authentication Token", why: "no bearer token was sent") }

    /// [OBS] `Bearer undefined`, an opaque token, `not.a.token`; [INF] the same for what no verifier may accept.
    static func unparsable(why: String) -> Denial { forbidden("Failed to parse token", why: why) }

    /// [OBS] 403 until 2025; [INF] the same words in the 401 that was reported in 2026.
    static func ineffectual(dialect: Dialect, why: String) -> Denial {
        let message = "Ineffectual token, will expire within the next minute"
        return dialect == .y2025 ? forbidden(message, why: why) : unauthorized(message, why: why)
    }

    /// [OBS] for `client_id` and `aud`; [INF] for `scope` and `iss`, by analogy.
    static func claim(_ name: String, why: String) -> Denial {
        unauthorized("Claim '\(name)' value mismatch with configuration.", why: why)
    }

    /// [OBS] that the text includes `Authorization denied`; [OPEN] the rest of it.
    static func customClaim(_ name: String, why: String) -> Denial {
        unauthorized("Authorization denied. Claim '\(name)' value mismatch with configuration.", why: why)
    }

    /// [OPEN] Only that it is refused "the same way".
    static func signature(why: String) -> Denial { unauthorized("Token signature verification failed.", why: why) }

    /// [OPEN]
    static func unknownKey(why: String) -> Denial { unauthorized("Token signing key not found.", why: why) }

    /// [OPEN]
    static func keysUnavailable(why: String) -> Denial {
        unauthorized("Unable to retrieve the signing keys of the token issuer.", why: why)
    }

    /// [OPEN]
    static func notYetValid(why: String) -> Denial { unauthorized("Token is not yet valid.", why: why) }

    /// [OBS] The JSON-RPC envelope whatever the agent's protocol. RFC 9110 15.5.2: "The server generating a 401 response
    /// MUST send a WWW-Authenticate header field"; [OBS] for a missing token, [INF] for the others.
    private static func unauthorized(_ message: String, why: String) -> Denial {
        Denial(
            scheme: "jwt", status: 401, errorType: "UnauthorizedException", message: message,
            envelope: .jsonRPC(code: -32_001), pointsToMetadata: true, why: why)
    }

    /// [OBS] The body; nobody reported `x-amzn-ErrorType` or `WWW-Authenticate` beside it.
    private static func forbidden(_ message: String, why: String) -> Denial {
        Denial(
            scheme: "jwt", status: 403, errorType: "AccessDeniedException",
            message: "OAuth authorization failed: \(message)", envelope: .bare, why: why)
    }
}
