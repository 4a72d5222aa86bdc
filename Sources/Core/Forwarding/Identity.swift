import SigV4
import Time

/// Who calls are signed for on the other side. Real credentials: they stand in no description, no journal and no answer.
package struct Identity: Sendable {
    package var accessKeyId: String
    package var credential: SigningCredential
    /// The region that was found beside them.
    package var region: String?

    package init(accessKeyId: String, credential: SigningCredential, region: String? = nil) {
        self.accessKeyId = accessKeyId
        self.credential = credential
        self.region = region
    }

    /// By this name the line asks for it, like for any other document that it needs.
    package static let document = "understudy:identity"

    /// What is known of it.
    package enum Knowledge: Sendable {
        /// Nobody has looked for it yet.
        case unknown
        case known(Identity)
        /// There is none: where it was looked for.
        case missing(why: String)

        /// Whether it has to be looked for before a call is signed at this moment: they are renewed before they expire.
        package func isDue(at now: Instant) -> Bool {
            switch self {
            case .unknown: true
            case .missing: false
            case .known(let identity): identity.credential.expires.map { $0 - now < Self.margin } ?? false
            }
        }

        private static let margin = Duration.seconds(300)
    }
}

extension Identity {
    /// The same request, signed. Only what is the request's own is signed: a proxy may change the rest.
    package func sign(_ request: PassedRequest, region: String, at now: Instant) {
        let own = request.fields.list.filter { field in
            let name = field.name.lowercased()
            return name == "content-type" || name.hasPrefix("x-amz")
        }
        let signer = Signer(
            accessKeyId: accessKeyId, credential: credential, region: region, service: "bedrock-agentcore")
        let added = signer.sign(
            method: String(decoding: request.method, as: UTF8.self),
            target: String(decoding: request.target, as: UTF8.self),
            fields: [("Host", request.destination.url.authority)] + own, body: request.body,
            bodyDigest: request.bodyDigest, at: now)
        for field in added { request.fields.add(name: field.name, value: field.value) }
    }

    /// What must not come back in an answer: an error that tells how a signature was checked repeats the token.
    package var secrets: [[UInt8]] {
        [credential.secret, credential.sessionToken].compactMap(\.self).filter { $0.utf8.count >= 8 }.map {
            Array($0.utf8)
        }
    }
}
