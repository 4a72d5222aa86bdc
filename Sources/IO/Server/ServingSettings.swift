import Conversations
import Forwarding
import HTTPWire
import Journal

/// What a server is told before it starts.
package struct ServingSettings: Sendable {
    /// An IP address, or `localhost`.
    package var host = "127.0.0.1"
    /// 0 picks a free one.
    package var port: UInt16 = 8787
    /// The port for TLS, 0 for a free one; nil for none.
    package var tlsPort: UInt16?
    /// The UDP port that programs know X-Ray's daemon by, 0 for a free one; nil for none.
    package var daemonPort: UInt16?
    /// One's own certificate and key, PEM files; without them the local authority's.
    package var ownCertificate: (certificate: String, key: String)?
    /// Where the local certificate authority is kept.
    package var authorityFolder: String?
    /// Whether clients that have this server for their proxy are taken to other servers.
    package var passesOthers = false
    package var limits = Limits()
    package var timeouts = ServerExchange.Timeouts()
    /// How long clients of conversations may be silent, or deaf.
    package var conversations = ConversationRules.Timeouts()
    /// How long a document that a verdict needs may take, in nanoseconds.
    package var fetchTimeout: Int64 = 5_000_000_000
    /// How long another side that calls are passed on to may take to answer, and between two pieces of its answer.
    package var upstreamTimeout: Int64 = 900_000_000_000
    /// A PEM file of authorities that are trusted besides the system's.
    package var upstreamAuthorities: String?
    package var proxies = ProxyRules.none
    package var identity = IdentitySettings()
    /// What is recorded of the calls that are passed on; nil for nothing.
    package var recordings: Recordings.Settings?
    /// Calls that the journal in memory holds before it forgets the oldest.
    package var journalLimit = 100_000
    /// The same where a file keeps those.
    package var heldBesideFile = 10_000
    /// What control calls have to show as a bearer token; needed when bound to more than this machine.
    package var controlToken: String?
    package var version = "0.1.0"
    /// Where a warning goes that somebody should see.
    package var warn: @Sendable (String) -> Void = { _ in }
    /// Told of every call that has ended, without its bodies, and of every turn of the loop in which one did: for the log.
    package var noteEnded: (@Sendable (CallRecord) -> Void)?
    package var noteTurn: (@Sendable () -> Void)?
    /// The same, with all that is known of the call.
    package var noteWhole: (@Sendable (CallRecord) -> Void)?

    /// Nanoseconds without any call after which that is said.
    package var warnsIfIdleFor: Int64?

    package init() {}
}
