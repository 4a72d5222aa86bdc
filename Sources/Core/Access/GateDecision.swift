import Bytes
import Crypto
import JOSE
import Time

/// What the gate says of a call: the access schemes return it, the emulator acts on it.
package enum GateDecision: Equatable, Sendable {
    case allowed(Grant)
    case refused(Denial)
    /// The caller is who it says, and calls another region than the agent's: there, nobody knows of the agent. Why is
    /// for the journal.
    case elsewhere(Grant)
    /// The decision needs this document (discovery or key set) first.
    case needs(url: String)
}

/// Who the caller turned out to be.
package struct Grant: Equatable, Sendable {
    /// `sigv4`, `jwt`, `none`.
    package var scheme: String
    /// The access key id, or the token's subject.
    package var principal: String?
    package var why: String?
    package var token: PresentedToken?

    package init(scheme: String, principal: String? = nil, why: String? = nil, token: PresentedToken? = nil) {
        self.scheme = scheme
        self.principal = principal
        self.why = why
        self.token = token
    }
}

/// Why the caller may not: everything the answer needs, and what only the journal may know.
package struct Denial: Equatable, Sendable {
    /// The shape of the refusal on the wire (wire reference, 2.1).
    package enum Envelope: Equatable, Sendable {
        /// `{"message":…}` with `x-amzn-ErrorType`.
        case native
        /// Of the agent's protocol: native, JSON-RPC or an event.
        case ofProtocol
        /// `{"message":…}` without `x-amzn-ErrorType`.
        case bare
        /// `{"jsonrpc":"2.0","error":{"code":…,"message":…},"id":"null"}`
        case jsonRPC(code: Int)
    }

    package var scheme: String
    package var status: Int
    package var errorType: String
    package var message: String
    package var envelope: Envelope
    /// Whether the answer names the protected-resource document in `WWW-Authenticate`.
    package var pointsToMetadata: Bool
    /// For the journal: the reason in our own words, which may say more than the service does.
    package var why: String
    package var principal: String?
    package var token: PresentedToken?
    package var canonicalRequest: String?
    package var stringToSign: String?

    package init(
        scheme: String, status: Int, errorType: String, message: String, envelope: Envelope,
        pointsToMetadata: Bool = false, why: String? = nil
    ) {
        self.scheme = scheme
        self.status = status
        self.errorType = errorType
        self.message = message
        self.envelope = envelope
        self.pointsToMetadata = pointsToMetadata
        self.why = why ?? message
    }
}

/// A token that a caller showed, known by what is no secret: by this the journal tells when a client began to use another
/// one.
package struct PresentedToken: Equatable, Sendable {
    /// Its `jti`, or the beginning of its hash.
    package let id: String
    package let issuedAt: Instant?
    package let expires: Instant?

    /// `claims` need not be believed. RFC 7519 4.1.7: the `jti` is "a unique identifier for the JWT"; one that is long, or
    /// has characters that no identifier has, is passed over.
    init(_ token: ArraySlice<UInt8>, _ claims: Claims? = nil) {
        let name = claims?["jti"]?.text.flatMap { text in
            (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? text : nil
        }
        id = name ?? Hex.encode(SHA256.hash(Array(token)).prefix(8))
        issuedAt = claims?.issuedAt.map { Instant(nanoseconds: $0.nanoseconds) }
        expires = claims?.expires.map { Instant(nanoseconds: $0.nanoseconds) }
    }
}
