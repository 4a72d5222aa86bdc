import Library
import Testing

@testable import Access

@Suite("IssuerDirectory") struct IssuerDirectoryTests {
    private func user(_ name: String, client: String? = nil, secret: String? = nil) -> User {
        var user = User(username: name)
        (user.clientId, user.clientSecret) = (client, secret)
        return user
    }

    private func agent(_ discoveryURL: String, clients: [String]? = nil, audience: [String]? = nil) -> Agent {
        var authorizer = JWTAuthorizer(discoveryUrl: discoveryURL)
        (authorizer.allowedClients, authorizer.allowedAudience) = (clients, audience)
        var agent = Agent(arn: "*")
        agent.auth = .jwt(authorizer)
        return agent
    }

    private func directory(_ users: [User], _ agents: [Agent] = []) -> IssuerDirectory {
        IssuerDirectory(users: users, agents: agents, base: "http://127.0.0.1:8787")
    }

    @Test("a user belongs to its client, or to every client when it names none")
    func users() {
        let directory = directory([user("anna", client: "a"), user("bert")])
        #expect(directory.user("anna", clientId: "a")?.username == "anna")
        #expect(directory.user("anna", clientId: "b") == nil)
        #expect(directory.user("Anna", clientId: "a") == nil)
        #expect(directory.user("bert", clientId: "b") != nil)
        #expect(directory.knowsClient("anything"))
        #expect(!self.directory([user("anna", client: "a")]).knowsClient("b"))
        #expect(!self.directory([]).knowsClient("a"))
    }

    @Test("a client's secret is found whichever of its users holds it")
    func clients() {
        let directory = directory([user("anna", client: "a"), user("job", client: "a", secret: "s"), user("bert")])
        #expect(directory.client("a")?.clientSecret == "s")
        #expect(directory.client("b") == nil)
    }

    @Test("tokens are issued in the name that the agents expect of the client")
    func issuers() {
        let cognito = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Real"
        let directory = directory(
            [],
            [
                Agent(arn: "x"), agent("http://elsewhere.example/.well-known/openid-configuration", clients: ["a"]),
                agent("\(cognito)/.well-known/openid-configuration", clients: ["a"]),
                agent("http://localhost:1/us-east-1_Understudy/.well-known/openid-configuration", audience: ["b"]),
            ])
        #expect(directory.issuer(forClient: "a") == cognito)
        #expect(directory.issuer(forClient: "b") == "http://127.0.0.1:8787/us-east-1_Understudy")
        #expect(directory.issuer(forClient: "c") == "http://127.0.0.1:8787/us-east-1_Understudy")
    }

    @Test("a secret hash is the one that AWS documents")
    func secretHash() {
        #expect(
            IssuerDirectory.secretHash(username: "anna", clientId: "app", secret: "key")
                == "MnpTp3tDYIx+ptfv9SAoHXgjEHS0FnZX/Qov5woFfsU=")
        #expect(IssuerDirectory.isSame("a", "a"))
        #expect(!IssuerDirectory.isSame("a", "b"))
        #expect(!IssuerDirectory.isSame("a", "ab"))
    }
}
