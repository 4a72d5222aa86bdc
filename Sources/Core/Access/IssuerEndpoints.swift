import Bytes
import HTTPWire
import JSON
import Runtime
import Time

/// What an endpoint of the issuer answers.
package struct IssuerAnswer: Equatable, Sendable {
    package var status: Int
    package var fields: FieldBlock
    package var body: [UInt8]
    /// What was asked for, by which grant and for which client.
    package var operation = ""
    package var grant: String?
    package var client: String?

    init(status: Int, body: [UInt8]) { (self.status, fields, self.body) = (status, FieldBlock(), body) }

    init(status: Int = 200, contentType: StaticString = "application/json", body: JSON.Value) {
        self.status = status
        self.body = body.compact
        fields = FieldBlock()
        fields.add("Content-Type", "\(contentType)")
        // Browsers talk to the real ones directly.
        fields.add("Access-Control-Allow-Origin", "*")
    }
}

/// The issuer's side of the wire: OpenID documents, the pages on which people sign in, the OAuth token endpoint and
/// Cognito's InitiateAuth.
package struct IssuerEndpoints {
    let issuer: Issuer
    let directory: IssuerDirectory
    let codes: RedeemedCodes

    package init(issuer: Issuer, directory: IssuerDirectory, codes: RedeemedCodes) {
        self.issuer = issuer
        self.directory = directory
        self.codes = codes
    }

    /// Nil when `path` is none of the issuer's. `path` is as sent, without the prefix of a space.
    package func answer(
        _ request: Request, path: some BidirectionalCollection<UInt8>, now: Instant,
        chance: inout some RandomNumberGenerator
    ) -> IssuerAnswer? {
        let authorization = IssuerAuthorization(issuer: issuer, directory: directory, space: codes.space, now: now)
        if request.isMethod("GET") || request.isMethod("HEAD") {
            if path.elementsEqual("/oauth2/authorize".utf8) { return authorization.authorize(request) }
            return path.elementsEqual("/login".utf8) ? authorization.login(request) : document(path)
        }
        guard request.isMethod("POST") else { return nil }
        if path.elementsEqual("/oauth2/token".utf8) {
            return IssuerOAuth(issuer: issuer, directory: directory, codes: codes, now: now).answer(request, &chance)
        }
        if path.elementsEqual("/login".utf8) { return authorization.signIn(request, &chance) }
        guard path.elementsEqual("/".utf8), let target = request.value(of: "x-amz-target"),
            target.starts(with: IssuerCognito.targetPrefix.utf8)
        else { return nil }
        let operation = String(lossy: target.dropFirst(IssuerCognito.targetPrefix.utf8.count))
        var answer = IssuerCognito(issuer: issuer, directory: directory, now: now)
            .answer(operation, request.body, &chance)
        answer.operation = String(operation.prefix(64))
        return answer
    }

    /// Whether a path is the issuer's, whatever method asks for it, and whether or not it answers there: tokens and
    /// passwords meant for it are nobody else's.
    package static func owns(path: some BidirectionalCollection<UInt8>) -> Bool {
        let segments = path.split(separator: UInt8(ascii: "/"))
        guard let first = segments.first, let last = segments.last, !first.elementsEqual("runtimes".utf8) else {
            return false
        }
        if ["oauth2", "login", "logout"].contains(where: { first.elementsEqual($0.utf8) }) { return true }
        return segments.count > 1 && segments[segments.count - 2].elementsEqual(".well-known".utf8)
            && ["jwks.json", "openid-configuration"].contains { last.elementsEqual($0.utf8) }
    }

    /// `/{poolId}/.well-known/…`: every pool has the same keys.
    private func document(_ path: some BidirectionalCollection<UInt8>) -> IssuerAnswer? {
        let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard segments.count == 4, segments[0].isEmpty, IssuerPools.isPool(segments[1]),
            segments[2].elementsEqual(".well-known".utf8)
        else { return nil }
        var answer: IssuerAnswer
        if segments[3].elementsEqual("jwks.json".utf8) {
            answer = IssuerAnswer(body: issuer.keySet)
            answer.operation = IssuerOperation.keySet.rawValue
        } else if segments[3].elementsEqual("openid-configuration".utf8) {
            let name = IssuerPools.issuer(base: directory.base, pool: String(lossy: segments[1]))
            answer = IssuerAnswer(body: issuer.discoveryDocument(issuer: name, base: directory.base))
            answer.operation = IssuerOperation.discovery.rawValue
        } else {
            return nil
        }
        answer.fields.add("Cache-Control", "public, max-age=86400")
        return answer
    }
}
