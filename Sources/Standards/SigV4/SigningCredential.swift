import Bytes
import Time

/// What the verifier knows about an access key.
package struct SigningCredential: Sendable {
    package var secret: String
    package var sessionToken: String?
    package var expires: Instant?

    package init(secret: String, sessionToken: String? = nil, expires: Instant? = nil) {
        self.secret = secret
        self.sessionToken = sessionToken
        self.expires = expires
    }
}

extension SigningCredential {
    /// The session token is the one that came with the keys, and has not run out.
    /// The reasons name the variables by which every AWS SDK takes credentials: that is where such mistakes are made.
    func check(_ authorization: borrowing Authorization, accessKeyId: String, now: Instant) throws(SignatureRefusal) {
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

extension SigningCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "credential" + (sessionToken == nil ? "" : " with a session token") }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `keyid/date/region/service/term` by places.
package struct CredentialScope: Equatable, Sendable {
    package var accessKeyId: Range<Int>
    package var date: Range<Int>
    package var region: Range<Int>
    package var service: Range<Int>
    package var terminator: Range<Int>

    /// Nil unless there are exactly five parts.
    package init?(_ credential: Range<Int>, of bytes: [UInt8]) {
        var rest = credential
        /// The part before the next slash; nil when there is none.
        func part() -> Range<Int>? {
            let slash = ByteSearch.first(UInt8(ascii: "/"), in: bytes.span, rest)
            guard slash < rest.upperBound else { return nil }
            defer { rest = (slash + 1)..<rest.upperBound }
            return rest.lowerBound..<slash
        }
        guard let accessKeyId = part(), let date = part(), let region = part(), let service = part(), part() == nil
        else { return nil }
        self.accessKeyId = accessKeyId
        self.date = date
        self.region = region
        self.service = service
        terminator = rest
    }
}

extension CredentialScope {
    /// The same in bytes that begin elsewhere.
    func moved(by distance: Int) -> CredentialScope {
        var scope = self
        scope.accessKeyId = SigV4.moved(accessKeyId, by: distance)
        scope.date = SigV4.moved(date, by: distance)
        scope.region = SigV4.moved(region, by: distance)
        scope.service = SigV4.moved(service, by: distance)
        scope.terminator = SigV4.moved(terminator, by: distance)
        return scope
    }

    /// Region, service, terminator and date; everything that is wrong is told at once.
    func check(_ authorization: borrowing Authorization, _ wantedService: String) throws(SignatureRefusal) {
        let source = authorization.source
        var faults = SignatureRefusal.ScopeFaults()
        if !Self.isRegion(source.span.extracting(region)) { faults.region(authorization.text(region)) }
        if !Self.isSame(source, service, wantedService.utf8.span) { faults.service(expected: wantedService) }
        if !Self.isSame(source, terminator, Self.wantedTerminator.utf8.span) {
            faults.terminator(authorization.text(terminator))
        }
        let day = authorization.timestamp.prefix(8)
        if !ByteSearch.equal(source.span.extracting(date), source.span.extracting(day)) {
            faults.date(
                authorization.text(date), expected: authorization.text(day),
                from: authorization.text(authorization.timestamp))
        }
        if !faults.text.isEmpty { throw faults.refusal }
    }

    private static let wantedTerminator = "aws4_request"

    /// Which of the regions it is does not make a signature valid or not: whoever verifies it knows where it arrived.
    private static func isRegion(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] &- 0x61 >= 26 && !ASCII.isDigit(text[index]) {
            guard text[index] == UInt8(ascii: "-") else { return false }
        }
        return !text.isEmpty
    }

    private static func isSame(_ bytes: [UInt8], _ place: Range<Int>, _ wanted: Span<UInt8>) -> Bool {
        ByteSearch.equal(bytes.span.extracting(place), wanted)
    }
}
