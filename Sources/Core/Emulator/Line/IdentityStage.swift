import Access
import Forwarding

/// A signed call that may be passed on to the service is verified, and signed anew, with real credentials: they are
/// looked for first, and again before they expire. Before anything is counted, as the call is asked about once more.
enum IdentityStage {
    static func ask(_ call: OpenCall, _ identity: Identity.Knowledge) -> LineExit? {
        guard call.destination?.kind == .service, call.documents == 0, identity.isDue(at: call.realNow),
            call.credentials == .signature
        else { return nil }
        return .needs(url: Identity.document)
    }
}
