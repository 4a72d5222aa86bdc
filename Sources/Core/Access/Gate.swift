import Bytes
import HTTPWire
import Library
import Runtime
import SigV4
import Time

/// Who may call. The agent's configuration names a scheme; the scheme judges.
package struct Gate {
    /// What a caller showed, before anything of it is believed.
    package enum Credentials: Equatable, Sendable {
        case nothing
        case signature
        case bearer
    }

    /// One moment by the clocks that a decision looks at.
    package struct Times: Equatable, Sendable {
        /// The server's clock: tokens and credentials run out by it.
        package var server: Instant
        /// What a signature's age is judged by.
        package var signature: Instant
        /// Real time: fetched documents age by it, as their owners know no other.
        package var real: Instant

        package init(server: Instant, signature: Instant, real: Instant) {
            self.server = server
            self.signature = signature
            self.real = real
        }
    }

    /// A class, as it has too many parts to be copied for everybody who is asked.
    package final class Question {
        package let request: Request
        package let auth: Auth
        package let dialect: Dialect
        /// The region the agent lives in; nil when only the caller's signature can tell.
        package let region: String?
        /// The IAM action, and the ARN it is on.
        package let action: String
        package let resource: String
        /// Where the call is made, and the keys that the server's own issuer signs with there.
        package let space: String
        package let issuer: Issuer
        package let times: Times
        /// How many documents were fetched for this call already.
        package let documents: Int
        package let echoesSignatures: Bool
        /// What a signature has to be made for, and how long it holds, in seconds.
        package var service = SigV4Scheme.service
        package var window: Int64 = 300

        package init(
            request: Request, auth: Auth, dialect: Dialect, region: String?, action: String, resource: String,
            space: String, issuer: Issuer, times: Times, documents: Int, echoesSignatures: Bool
        ) {
            self.request = request
            self.auth = auth
            self.dialect = dialect
            self.region = region
            self.action = action
            self.resource = resource
            self.space = space
            self.issuer = issuer
            self.times = times
            self.documents = documents
            self.echoesSignatures = echoesSignatures
        }

        package var presents: Credentials { Credentials(in: request) }
    }

    /// Discovery document and key set are two, and a search for a new key is a third. Whatever wants many more would
    /// never have enough.
    package static let mostDocuments = 8

    var signatures: SigV4Scheme
    var tokens: JWTScheme

    package init(_ scenario: Scenario) {
        signatures = SigV4Scheme(credentials: scenario.credentials)
        tokens = JWTScheme()
    }

    /// Another scenario: callers by signature are others where its credentials are. What is known of issuers and tokens
    /// stays, as it holds for an authorizer and not for a scenario.
    package mutating func adopt(_ scenario: Scenario, after former: Scenario) {
        guard scenario.credentials != former.credentials else { return }
        let real = signatures.real
        signatures = SigV4Scheme(credentials: scenario.credentials)
        signatures.real = real
    }

    /// Calls are passed on with these credentials, so whoever has them may call.
    package mutating func accept(accessKeyId: String, _ credential: SigningCredential) {
        signatures.real = SigV4Scheme.Real(accessKeyId: accessKeyId, credential: credential)
    }

    /// What came of fetching a document that a decision needed, by real time.
    package mutating func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant) {
        switch content {
        case .success(let bytes): tokens.keys.learn(url: url, content: bytes, now: now)
        case .failure(let failure): tokens.keys.fail(url: url, reason: failure.reason, now: now)
        }
    }

    /// The URL of a document that is wanted before a token for this authorizer can be judged, at this real time.
    package mutating func missingDocument(of authorizer: JWTAuthorizer, now: Instant) -> String? {
        if case .needs(let url) = tokens.keys.lookup(authorizer.discoveryUrl, Issuer(), now: now) { url } else { nil }
    }

    /// The issuer that an authorizer's discovery document names, as far as it is known.
    package func issuerName(of authorizer: JWTAuthorizer) -> String {
        tokens.keys.issuerName(of: authorizer.discoveryUrl)
    }

    package mutating func judge(_ question: Question) -> GateDecision {
        switch (question.auth, question.presents) {
        case (.none, _): .allowed(Grant(scheme: "none"))
        case (.sigv4, .bearer), (.jwt, .signature): .refused(.methodMismatch(question))
        case (.jwt(let authorizer), _): tokens.judge(question, authorizer)
        case (.any, .bearer): tokens.judge(question, nil)
        case (.sigv4, _), (.any, _): signatures.judge(question)
        }
    }
}

extension Gate.Credentials {
    package init(in request: borrowing Request) {
        // A field without a value shows nothing.
        if let place = request.place(of: .authorization), !place.isEmpty {
            self = Self.isSignature(request.head.span.extracting(place)) ? .signature : .bearer
        } else if request.parameter("X-Amz-Signature") != nil || request.parameter("X-Amz-Algorithm") != nil {
            self = .signature
        } else {
            self = .nothing
        }
    }

    /// `AWS4-HMAC-SHA256 …`, or what AWS had before it.
    private static func isSignature(_ value: Span<UInt8>) -> Bool {
        let scheme = value.extracting(0..<ByteSearch.first(UInt8(ascii: " "), in: value, 0..<value.count))
        return ByteSearch.equal(scheme.extracting(first: 5), "AWS4-".utf8.span)
            || ByteSearch.equal(scheme, "AWS".utf8.span)
    }
}

extension Denial {
    /// Observed in both directions (wire reference 2.3).
    static func methodMismatch(_ question: Gate.Question) -> Denial {
        Denial(
            scheme: question.presents == .bearer ? "jwt" : "sigv4", status: 403,
            errorType: ServiceError.accessDenied.name,
            message: "Authorization method mismatch. The agent is configured for a different authorization method than "
                + "what was used in your request. Check the agent's authorization configuration and ensure your "
                + "request uses the matching method (OAuth or SigV4)",
            envelope: .native)
    }
}

/// Why there is no document: the network's reason, in words.
package struct FetchFailure: Error, Equatable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
}
