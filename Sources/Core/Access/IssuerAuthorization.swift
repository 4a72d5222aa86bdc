import Bytes
import HTTPWire
import JOSE
import Library
import Runtime
import Time

/// `/oauth2/authorize` and `/login`: the code grant, RFC 6749 4.1, with RFC 7636 in its one method that is of use, as
/// Cognito has them. Both take the same parameters; the first sends the person on to the second, which asks who they are.
struct IssuerAuthorization {
    let issuer: Issuer
    let directory: IssuerDirectory
    let space: String
    let now: Instant

    /// What a client asks for, once nothing is wrong with it.
    private struct Asked {
        var clientId: String
        var redirectURI: String
        var state: String?
        var scopes: [String]
        var challenge: String?
        var nonce: String?
    }

    private enum Refusal: Error {
        /// Told the person: "MUST NOT automatically redirect the user-agent to the invalid redirection URI" (4.1.2.1).
        case page(String)
        /// Told the client, at its redirection URI.
        case redirect(to: String, error: String, description: String, state: String?)
    }

    /// The parameters that are carried from one page to the next.
    private static let names = [
        "response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method",
        "nonce",
    ]
    /// What a client may ask for beside the scopes of its users' entries.
    private static let usualScopes = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]

    // MARK: The three doors

    /// `GET /oauth2/authorize`
    func authorize(_ request: Request) -> IssuerAnswer {
        answer(query(of: request)) { asked, form throws(Refusal) in
            // OpenID Connect Core 3.1.2.1: with "none" it "MUST NOT display any authentication or consent user interface
            // pages", and nobody is signed in here between two calls.
            if form["prompt"]?.split(separator: " ").contains("none") == true {
                throw .redirect(
                    to: asked.redirectURI, error: "login_required", description: "nobody is signed in",
                    state: asked.state)
            }
            return IssuerAnswer(redirect: "\(directory.base)/login?\(Self.written(form))")
        }
    }

    /// `GET /login`
    func login(_ request: Request) -> IssuerAnswer {
        answer(query(of: request)) { asked, form throws(Refusal) in page(asked, form) }
    }

    /// `POST /login`: the person says who they are.
    func signIn(_ request: Request, _ chance: inout some RandomNumberGenerator) -> IssuerAnswer {
        let id = UUIDText.version4(chance.next(), chance.next())
        return answer(IssuerForm(request.body)) { asked, form throws(Refusal) in
            guard let username = form["username"], let password = form["password"],
                let user = directory.user(username, clientId: asked.clientId), let expected = user.password,
                IssuerDirectory.isSame(password, expected)
            else { return page(asked, form, mistake: "Incorrect username or password.") }
            let code = IssuerCode(
                id: id, username: user.username, clientId: asked.clientId, redirectURI: asked.redirectURI,
                challenge: asked.challenge, scopes: asked.scopes, nonce: asked.nonce, space: space,
                authenticatedAt: now)
            return IssuerAnswer(
                redirect: Self.adding([("code", code.text), ("state", asked.state)], to: asked.redirectURI))
        }
    }

    private func query(of request: Request) -> IssuerForm? {
        IssuerForm(request.query.map { Array(request.head[$0]) } ?? [])
    }

    private func answer(
        _ form: IssuerForm?, _ use: (Asked, IssuerForm) throws(Refusal) -> IssuerAnswer
    ) -> IssuerAnswer {
        var answer = found(form, use)
        answer.operation = IssuerOperation.login.rawValue
        answer.client = (form?["client_id"]?.prefix(128)).map(String.init)
        return answer
    }

    private func found(
        _ form: IssuerForm?, _ use: (Asked, IssuerForm) throws(Refusal) -> IssuerAnswer
    ) -> IssuerAnswer {
        do throws(Refusal) {
            guard let form else {
                throw .page("The request's parameters cannot be read, or one of them stands there twice.")
            }
            return try use(try read(form), form)
        } catch {
            switch error {
            case .page(let message): return IssuerAnswer(page: IssuerPage.mistake(message), status: 400)
            case .redirect(let uri, let error, let description, let state):
                let parameters = [("error", error), ("error_description", description), ("state", state)]
                return IssuerAnswer(redirect: Self.adding(parameters, to: uri))
            }
        }
    }

    // MARK: What is asked for

    private func read(_ form: IssuerForm) throws(Refusal) -> Asked {
        guard let clientId = form["client_id"], directory.knowsClient(clientId) else {
            throw .page("The request names no client that is known here: look at client_id.")
        }
        guard let uri = form["redirect_uri"] else { throw .page("The request has no redirect_uri.") }
        guard directory.mayRedirect(to: uri, clientId: clientId) else {
            throw .page("The client may not send anybody to this redirect_uri: name it in redirectUris of its users.")
        }
        let state = form["state"]
        func refusal(_ error: String, _ description: String) -> Refusal {
            .redirect(to: uri, error: error, description: description, state: state)
        }
        guard let type = form["response_type"] else { throw refusal("invalid_request", "response_type is missing") }
        guard type == "code" else {
            throw refusal("unsupported_response_type", "the only response_type is code")
        }
        let challenge = form["code_challenge"]
        if challenge != nil || form["code_challenge_method"] != nil {
            guard form["code_challenge_method"] == "S256" else {
                throw refusal("invalid_request", "the only code_challenge_method is S256")
            }
            // RFC 7636 4.2: a SHA-256 in base64url.
            guard let challenge, Base64.url.decode(challenge.utf8)?.count == 32 else {
                throw refusal("invalid_request", "code_challenge is no SHA-256 in base64url")
            }
        }
        let allowed = Self.usualScopes + directory.scopes(ofClient: clientId)
        let scopes = form["scope"].map { $0.split(separator: " ").map(String.init) } ?? allowed
        guard scopes.allSatisfy(allowed.containsExactly) else { throw refusal("invalid_scope", "a scope is not known") }
        return Asked(
            clientId: clientId, redirectURI: uri, state: state, scopes: scopes, challenge: challenge,
            nonce: form["nonce"])
    }

    // MARK: What is answered

    private func page(_ asked: Asked, _ form: IssuerForm, mistake: String? = nil) -> IssuerAnswer {
        let hidden = Self.names.compactMap { name in form[name].map { (name, $0) } }
        return IssuerAnswer(
            page: IssuerPage.login(
                client: asked.clientId, action: "\(directory.base)/login", hidden: hidden,
                username: mistake == nil ? "" : form["username"] ?? "", mistake: mistake),
            status: mistake == nil ? 200 : 400, goesOnTo: asked.redirectURI)
    }

    private static func written(_ form: IssuerForm) -> String {
        encoded(names.map { ($0, form[$0]) })
    }

    private static func encoded(_ parameters: [(String, String?)]) -> String {
        parameters.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.encode($0.utf8))" } }
            .joined(separator: "&")
    }

    /// 3.1.2: the query of the redirection URI "MUST be retained when adding additional query parameters".
    private static func adding(_ parameters: [(String, String?)], to uri: String) -> String {
        uri + (uri.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + encoded(parameters)
    }
}

extension IssuerDirectory {
    /// The scopes that the entries of this client's users name.
    func scopes(ofClient clientId: String) -> [String] {
        entries(ofClient: clientId).flatMap { $0.scopes ?? [] }
    }

    /// Where a client may send people: what its entries name, else this machine. RFC 8252 7.3: of a loopback address "any
    /// port" is allowed, as programs take what is free.
    func mayRedirect(to uri: String, clientId: String) -> Bool {
        guard RedirectURI.problem(uri) == nil else { return false }
        let entries = entries(ofClient: clientId).compactMap(\.redirectUris)
        guard !entries.isEmpty else { return HTTPURI(uri).map(Self.isLoopback) ?? false }
        return entries.contains { uris in uris.contains { Self.isSame(uri, registered: $0) } }
    }

    private static func isSame(_ uri: String, registered: String) -> Bool {
        if ExactText.equal(uri, registered) { return true }
        guard let found = HTTPURI(uri), let known = HTTPURI(registered), isAddress(known.host) else { return false }
        return found.scheme == known.scheme && !found.hasUserinfo && found.host == known.host
            && ExactText.equal(found.target, known.target)
    }

    private static func isLoopback(_ uri: HTTPURI) -> Bool {
        !uri.hasUserinfo && (isAddress(uri.host) || uri.isLocalhost)
    }

    private static func isAddress(_ host: String) -> Bool { host == "127.0.0.1" || host == "::1" }
}
