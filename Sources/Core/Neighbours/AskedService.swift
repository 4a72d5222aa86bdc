import Bytes
import HTTPWire

// Rules.  What a request is shaped for goes before what it is signed for: a client that signs for the wrong service is told
//         so by the service it asked. `X-Amz-Target` names a service and an operation, a form its version and its action;
//         every other request is known by the scope of its signature.
// Theory. Nobody but AWS's clients signs so. What is signed for the agents' own service, and what only asks for a token of
//         the issuer's, is nobody else's.

/// Which of AWS's services a request is for, besides the agents'.
package enum AskedService {
    case neighbour(Neighbour)
    /// One that nobody here stands in for.
    case other(named: String)

    /// Nil for a request that is for none, or for one that is served elsewhere on this port.
    package init?(_ request: borrowing Request, path: Range<Int>) {
        let signed = Self.signedService(of: request)
        if let neighbour = Neighbour.catalogue.first(where: { $0.wire.fits(request, path: path, signed: signed) }) {
            self = .neighbour(neighbour)
            return
        }
        if let neighbour = Neighbour.catalogue.first(where: { $0.service == signed }) {
            self = .neighbour(neighbour)
            return
        }
        if let signed, !Self.own.contains(signed) {
            self = .other(named: Self.shown(signed))
            return
        }
        guard let target = request.text(of: "x-amz-target"), !target.hasPrefix("AWSCognitoIdentityProviderService.")
        else { return nil }
        self = .other(named: Self.shown(target))
    }

    private static let own = ["bedrock-agentcore", "cognito-idp"]

    /// The service in `Credential=ID/DATE/REGION/SERVICE/aws4_request`, in the header or the query.
    package static func signedService(of request: borrowing Request) -> String? { scope(of: request)?.service }

    package static func scope(of request: borrowing Request) -> (region: String, service: String)? {
        let header = request.text(of: "authorization").flatMap { text in
            text.split { $0 == " " || $0 == "," }.first { $0.hasPrefix("Credential=") }.map { String($0.dropFirst(11)) }
        }
        guard let credential = header ?? request.parameter("X-Amz-Credential") else { return nil }
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 5 && !parts[3].isEmpty ? (String(parts[2]), String(parts[3])) : nil
    }

    /// A caller's word, fit for a sentence.
    package static func shown(_ name: String) -> String {
        String(name.unicodeScalars.prefix(80).map { (0x21...0x7E).contains($0.value) ? Character($0) : "?" })
    }
}
