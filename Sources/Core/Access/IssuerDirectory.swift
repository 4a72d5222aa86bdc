import Bytes
import Crypto
import JOSE
import Library

/// Whom the issuer knows, and in whose name it signs for them.
package struct IssuerDirectory: Sendable {
    private let users: [User]
    private let agents: [Agent]
    /// The server as the caller reached it, `http://127.0.0.1:8787`.
    let base: String

    package init(users: [User], agents: [Agent], base: String) {
        self.users = users
        self.agents = agents
        self.base = base
    }

    /// A user that names no client belongs to every client.
    func knowsClient(_ clientId: String) -> Bool {
        users.contains { $0.clientId.map { ExactText.equal($0, clientId) } ?? true }
    }

    func user(_ username: String, clientId: String) -> User? {
        users.first {
            ExactText.equal($0.username, username) && ($0.clientId.map { ExactText.equal($0, clientId) } ?? true)
        }
    }

    func entries(ofClient clientId: String) -> [User] {
        users.filter { $0.clientId.map { ExactText.equal($0, clientId) } ?? false }
    }

    /// The user entry that gives this client its secret, and as a machine client its scopes.
    func client(_ clientId: String) -> User? {
        let entries = entries(ofClient: clientId)
        return entries.first { $0.clientSecret != nil } ?? entries.first
    }

    /// The issuer that the agents expect of this client's tokens: the Cognito pool that an authorizer which lets the
    /// client in names, and otherwise this server's own default pool.
    package func issuer(forClient clientId: String) -> String {
        for agent in agents {
            guard case .jwt(let authorizer) = agent.auth,
                let issuer = IssuerPools.issuer(ofDiscoveryURL: authorizer.discoveryUrl), issuer.hasPrefix("https://")
            else { continue }
            let allowed = (authorizer.allowedClients ?? []) + (authorizer.allowedAudience ?? [])
            if allowed.containsExactly(clientId) { return issuer }
        }
        return IssuerPools.issuer(base: base)
    }

    static func isSame(_ presented: String, _ secret: String) -> Bool {
        ConstantTime.equal(Array(presented.utf8), Array(secret.utf8))
    }

    /// Cognito's SECRET_HASH: "Base64 ( HMAC_SHA256 ( "Client Secret Key", "Username" + "Client Id" ) )".
    static func secretHash(username: String, clientId: String, secret: String) -> String {
        Base64.standard.encode(HMAC.sha256(key: Array(secret.utf8), message: Array((username + clientId).utf8)))
    }
}
