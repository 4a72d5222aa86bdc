import Bytes
import Time

/// What the verifier knows about an access key.
package struct Credential: Sendable {
    package var secret: String
    package var sessionToken: String?
    package var expires: Instant?

    package init(secret: String, sessionToken: String? = nil, expires: Instant? = nil) {
        self.secret = secret
        self.sessionToken = sessionToken
        self.expires = expires
    }
}

extension Credential {
    /// The session token is the one that came with the keys, and has not run out.
    /// The reasons name the variables by which every AWS SDK takes credentials: that is where such mistakes are made.
    func check(_ authorization: borrowing Authorization, accessKeyId: String, now: Instant) throws(Refusal) {
        let sent = authorization.token.map { Array(authorization.source[$0]) }
        switch (sessionToken, sent) {
        case (nil, nil): break
        case (let expected?, let sent?):
            guard ConstantTime.equal(Array(expected.utf8), sent) else {
                throw .unknownToken(
                    why: "the session token is not that of '\(accessKeyId)': AWS_SESSION_TOKEN belongs to other keys")
            }
        case (_?, nil):
            throw .unknownToken(
                why: "'\(accessKeyId)' needs its session token, and none was sent: set AWS_SESSION_TOKEN")
        case (nil, _?):
            throw .unknownToken(
                why: "'\(accessKeyId)' has no session token, and one was sent: unset AWS_SESSION_TOKEN, which is left "
                    + "over from other keys")
        }
        if let expires, expires <= now {
            throw .expiredToken(
                why: "'\(accessKeyId)' expired at \(expires.rfc3339Seconds), and it is \(now.rfc3339Seconds)")
        }
    }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "credential" + (sessionToken == nil ? "" : " with a session token") }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
