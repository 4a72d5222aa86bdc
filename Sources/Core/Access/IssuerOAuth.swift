import Bytes
import HTTPWire
import JOSE
import JSON
import Runtime
import Time

/// `POST /oauth2/token`, RFC 6749 sections 3.2, 4.1.3, 4.4 and 6: codes, client credentials and refreshing.
struct IssuerOAuth {
    let issuer: Issuer
    let directory: IssuerDirectory
    let codes: RedeemedCodes
    let now: Instant

    /// RFC 6749 5.2. Every one of them with 400, as Cognito does; the RFC would have 401 for a client that failed HTTP
    /// Basic.
    private enum Refusal: String, Error {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case invalidScope = "invalid_scope"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
    }

    func answer(_ request: Request, _ chance: inout some RandomNumberGenerator) -> IssuerAnswer {
        let form = Self.form(of: request)
        var answer: IssuerAnswer
        do {
            answer = IssuerAnswer(body: try grant(request, form, &chance))
        } catch {
            answer = IssuerAnswer(status: 400, body: ["error": .string(error.rawValue)])
        }
        // RFC 6749 5.1: "The authorization server MUST include the HTTP 'Cache-Control' response header field with a
        // value of 'no-store' …, as well as the 'Pragma' response header field with a value of 'no-cache'."
        answer.fields.add("Cache-Control", "no-store")
        answer.fields.add("Pragma", "no-cache")
        answer.operation = IssuerOperation.token.rawValue
        answer.grant = (form?["grant_type"]?.prefix(64)).map(String.init)
        answer.client = (form.flatMap { try? ClientCredentials(request, $0) }?.id.prefix(128)).map(String.init)
        return answer
    }

    private static func form(of request: Request) -> IssuerForm? {
        guard let type = request.text(of: "content-type"), isForm(type) else { return nil }
        return IssuerForm(request.body)
    }

    private func grant(
        _ request: Request, _ form: IssuerForm?, _ chance: inout some RandomNumberGenerator
    ) throws(Refusal) -> JSON.Value {
        guard let form, let grantType = form["grant_type"] else { throw .invalidRequest }
        let client = try ClientCredentials(request, form)
        switch grantType {
        case "client_credentials": return try clientCredentials(client, form, &chance)
        case "authorization_code": return try redeem(client, form, &chance)
        case "refresh_token": return try refresh(client, form, &chance)
        default: throw .unsupportedGrantType
        }
    }

    private func clientCredentials(
        _ client: ClientCredentials, _ form: IssuerForm, _ chance: inout some RandomNumberGenerator
    ) throws(Refusal) -> JSON.Value {
        guard let known = directory.client(client.id) else { throw .invalidClient }
        // RFC 6749 4.4: "MUST only be used by confidential clients".
        guard known.clientSecret != nil else { throw .unauthorizedClient }
        try authenticate(client)
        let allowed = known.scopes ?? []
        let requested = form["scope"].map { $0.split(separator: " ").map(String.init) } ?? allowed
        guard requested.allSatisfy(allowed.containsExactly) else { throw .invalidScope }
        var token = IssuerToken(
            kind: .access, issuer: directory.issuer(forClient: client.id), clientId: client.id, username: nil,
            issuedAt: now)
        token.scopes = requested
        return [
            "access_token": .string(issuer.token(token, chance: &chance)), "expires_in": 3_600, "token_type": "Bearer",
        ]
    }

    /// Cognito gives an ID token to whoever asked for `openid`.
    private func redeem(
        _ client: ClientCredentials, _ form: IssuerForm, _ chance: inout some RandomNumberGenerator
    ) throws(Refusal) -> JSON.Value {
        guard let text = form["code"], let redirectURI = form["redirect_uri"] else { throw .invalidRequest }
        try authenticate(client)
        guard let code = IssuerCode(text), ExactText.equal(code.clientId, client.id),
            ExactText.equal(code.redirectURI, redirectURI), code.accepts(verifier: form["code_verifier"]),
            let user = directory.user(code.username, clientId: client.id), codes.redeem(code, at: now)
        else { throw .invalidGrant }
        var session = IssuerSession(
            issuer: issuer, name: directory.issuer(forClient: client.id), user: user, clientId: client.id,
            origin: UUIDText.version4(chance.next(), chance.next()), authenticatedAt: code.authenticatedAt)
        (session.scopes, session.nonce) = (code.scopes, code.nonce)
        var members: [JSON.Value.Member] = []
        if code.scopes.containsExactly("openid") {
            members.append(.init("id_token", .string(session.token(.id, now: now, chance: &chance))))
        }
        members += [
            .init("access_token", .string(session.token(.access, now: now, chance: &chance))),
            .init("refresh_token", .string(session.refreshToken)), .init("expires_in", 3_600),
            .init("token_type", "Bearer"),
        ]
        return .object(members)
    }

    private func refresh(
        _ client: ClientCredentials, _ form: IssuerForm, _ chance: inout some RandomNumberGenerator
    ) throws(Refusal) -> JSON.Value {
        guard let text = form["refresh_token"] else { throw .invalidRequest }
        try authenticate(client)
        guard var session = IssuerSession(issuer, directory, refresh: text, clientId: client.id, now: now) else {
            throw .invalidGrant
        }
        // Who signed in without the pages was not asked for scopes, and got an ID token all the same.
        let wantsID = session.scopes?.containsExactly("openid") ?? true
        // RFC 6749 6: "The requested scope MUST NOT include any scope not originally granted by the resource owner, and if
        // omitted is treated as equal to the scope originally granted".
        if let scopes = form["scope"]?.split(separator: " ").map(String.init) {
            guard scopes.allSatisfy(session.granted.containsExactly) else { throw .invalidScope }
            session.scopes = scopes
        }
        var members: [JSON.Value.Member] = []
        if wantsID { members.append(.init("id_token", .string(session.token(.id, now: now, chance: &chance)))) }
        members += [
            .init("access_token", .string(session.token(.access, now: now, chance: &chance))),
            .init("expires_in", 3_600), .init("token_type", "Bearer"),
        ]
        return .object(members)
    }

    /// A client that has a secret has to show it; one that has none must not claim one.
    private func authenticate(_ client: ClientCredentials) throws(Refusal) {
        guard directory.knowsClient(client.id) else { throw .invalidClient }
        switch (directory.client(client.id)?.clientSecret, client.secret) {
        case (nil, nil): return
        case (let expected?, let presented?) where IssuerDirectory.isSame(presented, expected): return
        default: throw .invalidClient
        }
    }

    private static func isForm(_ contentType: String) -> Bool {
        let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") && $0 > UInt8(ascii: " ") }
        return ASCII.equalsIgnoringCase(type, "application/x-www-form-urlencoded".utf8)
    }

    /// RFC 6749 2.3.1: HTTP Basic, or `client_id` and `client_secret` in the body; "The client MUST NOT use more than
    /// one authentication method in each request".
    private struct ClientCredentials {
        let id: String
        let secret: String?

        init(_ request: Request, _ form: IssuerForm) throws(Refusal) {
            let headers = request.values(of: "authorization").filter { !$0.isEmpty }
            guard headers.count < 2 else { throw .invalidRequest }
            guard let header = headers.first else {
                guard let id = form["client_id"] else { throw .invalidRequest }
                (self.id, secret) = (id, form["client_secret"])
                return
            }
            guard form["client_secret"] == nil else { throw .invalidRequest }
            guard header.count > 6, ASCII.equalsIgnoringCase(header.prefix(6), "basic ".utf8),
                let pair = Base64.standard.decode(header.dropFirst(6)),
                let colon = pair.firstIndex(of: UInt8(ascii: ":")),
                let id = Self.decoded(pair[..<colon]), let secret = Self.decoded(pair[(colon + 1)...]),
                form["client_id"].map({ ExactText.equal($0, id) }) ?? true
            else { throw .invalidClient }
            (self.id, self.secret) = (id, secret)
        }

        /// RFC 6749 2.3.1 encodes both as forms do; clients that do not are understood where no escape is involved. A plus
        /// stays one, as secrets in base64 have it and few have a space.
        private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
            PercentEncoding.decode(text, plusIsSpace: false).flatMap { String(utf8: $0) }
        }
    }
}

/// `application/x-www-form-urlencoded`; RFC 6749 3.2: "parameters MUST NOT be included more than once".
struct IssuerForm {
    private var fields: [String: String] = [:]

    init?(_ body: [UInt8]) {
        guard body.count <= 65_536 else { return nil }
        var start = 0
        while let place = FieldRange.parameter(in: body.span, from: &start, to: body.count) {
            if place.isNothing { continue }
            guard let name = Self.decoded(body[place.name]), let value = Self.decoded(body[place.value]),
                fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        PercentEncoding.decode(text, plusIsSpace: true).flatMap { String(utf8: $0) }
    }

    /// RFC 6749 3.2: "Parameters sent without a value MUST be treated as if they were omitted".
    subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
}
