import Bytes
import Crypto
import Time

/// Decides whether a request was signed by whom it says, in named stages whose order is the service's: what the request
/// carries, when it was made, what for, who made it, and last the signature. Two faults give the first one's text.
package struct Verifier {
    /// What a verifier says of a request.
    package enum Outcome: Equatable, Sendable {
        case verified(accessKeyId: String, region: String)
        case refused(SignatureRefusal)
        /// The request carries no AWS signature at all.
        case absent
    }

    private var keys = SigningKeyCache()
    private var calculator = SignatureCalculator()
    private var memory = HeaderAuthorization.Memory()

    package init() {}

    /// - Parameter service: what a signature has to be made for.
    /// - Parameter window: how far from now, in seconds, it may have been made.
    /// - Parameter now: what the signature's age is judged by.
    /// - Parameter expiryNow: what credentials run out by. The two differ where a clock is moved that the signers, on
    ///   other machines, do not follow.
    package mutating func verify(
        _ message: borrowing Message, for service: String, within window: Int64 = 300, now: Instant, expiryNow: Instant,
        credentials: (String) -> SigningCredential?
    ) -> Outcome {
        do throws(SignatureRefusal) {
            guard let authorization = try Authorization.read(message, &memory) else { return .absent }
            let scope = try check(authorization, service, window, now: now)
            let key = try key(of: authorization, scope, now: expiryNow, credentials)
            try match(message, authorization, key)
            return .verified(accessKeyId: key.accessKeyId, region: key.region)
        } catch {
            return .refused(error)
        }
    }

    private mutating func check(
        _ authorization: borrowing Authorization, _ service: String, _ window: Int64, now: Instant
    ) throws(SignatureRefusal) -> CredentialScope {
        if let scope = memory.scope(of: authorization, for: service) {
            try Age(authorization).check(authorization, within: window, now: now)
            return scope
        }
        let (names, source) = (authorization.signedHeaders, authorization.source)
        guard
            CanonicalHeaders.contains("host", in: names, of: source)
                || CanonicalHeaders.contains(":authority", in: names, of: source)
        else { throw .hostNotSigned }
        try Age(authorization).check(authorization, within: window, now: now)
        guard let scope = CredentialScope(authorization.credential, of: authorization.source) else {
            throw .notFiveParts(authorization.text(authorization.credential))
        }
        try scope.check(authorization, service)
        memory.keep(scope, of: authorization, for: service)
        return scope
    }

    /// The signing key of the caller, once it is known that the caller may sign with it.
    private mutating func key(
        of authorization: borrowing Authorization, _ scope: CredentialScope, now: Instant,
        _ credentials: (String) -> SigningCredential?
    ) throws(SignatureRefusal) -> SigningKeyCache.Entry {
        let cached = keys.entry(for: authorization.credential, of: authorization.source)
        let accessKeyId = cached?.accessKeyId ?? authorization.text(scope.accessKeyId)
        guard let credential = credentials(accessKeyId) else {
            throw .unknownToken(why: "no credential with the access key id '\(accessKeyId)'")
        }
        try credential.check(authorization, accessKeyId: accessKeyId, now: now)
        if let cached, cached.secret == credential.secret { return cached }
        let source = authorization.source
        let key = SigningKey.derive(
            secret: credential.secret, date: source[scope.date], region: source[scope.region],
            service: source[scope.service])
        let entry = SigningKeyCache.Entry(
            credential: Array(source[authorization.credential]), accessKeyId: accessKeyId,
            region: authorization.text(scope.region), secret: credential.secret, key: HMAC(.sha256, key: key))
        keys.insert(entry)
        return entry
    }

    private mutating func match(
        _ message: borrowing Message, _ authorization: borrowing Authorization, _ key: SigningKeyCache.Entry
    ) throws(SignatureRefusal) {
        let payload = SignedPayload(message, authorization, using: calculator.context)
        let canonical = CanonicalRequest()
        var isVerified = verifies(canonical, message, authorization, payload, key.key)
        // Off the common path: the spellings in which clients are known to differ from the service.
        for reading in isVerified ? [] : canonical.reading.alternatives(for: message) where !isVerified {
            isVerified = verifies(CanonicalRequest(reading: reading), message, authorization, payload, key.key)
        }
        if isVerified, payload.contradiction == nil { return }
        var refusal = SignatureRefusal.mismatch
        refusal.accessKeyId = key.accessKeyId
        if isVerified {
            refusal.why = payload.contradiction
        } else {
            show(canonical, message, authorization, payload, key.key, in: &refusal)
        }
        throw refusal
    }

    private mutating func verifies(
        _ canonical: CanonicalRequest, _ message: borrowing Message, _ authorization: borrowing Authorization,
        _ payload: SignedPayload,
        _ key: HMAC
    ) -> Bool {
        let isComplete = calculator.calculate(canonical, of: message, authorization, payload: payload, with: key)
        let signature = authorization.source.span.extracting(authorization.signature)
        return ConstantTime.equal(calculator.signature.span, signature) && isComplete
    }

    /// What the server computed, so that a developer sees the line that differs.
    private mutating func show(
        _ canonical: CanonicalRequest, _ message: borrowing Message, _ authorization: borrowing Authorization,
        _ payload: SignedPayload,
        _ key: HMAC, in refusal: inout SignatureRefusal
    ) {
        _ = verifies(canonical, message, authorization, payload, key)
        refusal.stringToSign = String(lossy: calculator.text)
        var shown: [UInt8] = []
        _ = CanonicalRequest(isRedacting: true).write(message, authorization, payload: payload, into: &shown)
        refusal.canonicalRequest = String(lossy: shown)
    }
}

extension CanonicalRequest.Reading {
    /// Every other reading that could give this message another canonical request.
    fileprivate func alternatives(for message: borrowing Message) -> [CanonicalRequest.Reading] {
        let queries = message.query.map { $0.isEmpty } ?? true ? [query] : CanonicalQuery.Reading.allCases
        var others: [CanonicalRequest.Reading] = []
        for hostWithoutPort in [false, true] {
            for query in queries where hostWithoutPort != self.hostWithoutPort || query != self.query {
                var other = self
                (other.query, other.hostWithoutPort) = (query, hostWithoutPort)
                others.append(other)
            }
        }
        return others
    }
}
