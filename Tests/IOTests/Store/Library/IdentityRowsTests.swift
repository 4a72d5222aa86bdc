import Library
import Testing

@testable import Store

@Suite("Credentials and users in a library") struct IdentityRowsTests {
    @Test("a credential and a user that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO credentials (access_key_id, secret_access_key, session_token, expires, deny)
              VALUES ('AKIDEXAMPLE', 'secret', 'token', '2026-01-15T12:00:00Z', '["bedrock-agentcore:StopRuntimeSession"]');
            INSERT INTO users (username, password, client_id, client_secret, groups, scopes)
              VALUES ('anna', 'p', 'c', 's', '[]', '["a/read"]');
            """)
        var credential = Credential(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret")
        credential.sessionToken = "token"
        credential.expires = "2026-01-15T12:00:00Z"
        credential.deny = ["bedrock-agentcore:StopRuntimeSession"]
        var user = User(username: "anna")
        (user.password, user.clientId, user.clientSecret) = ("p", "c", "s")
        (user.groups, user.scopes) = ([], ["a/read"])
        let scenario = try library.read()
        #expect(scenario.credentials == [credential])
        #expect(scenario.users == [user])
    }

    @Test("nonsense is named by its row and column, and no secret is told")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true,
            """
            INSERT INTO credentials (access_key_id, secret_access_key, deny) VALUES ('A', 'hush', 'all');
            INSERT INTO users (username, groups, scopes) VALUES ('a', '[[]]', '{}');
            """)
        let mistakes = library.mistakes
        #expect(mistakes.first?.hasPrefix("table credentials, row 1, column deny: is not JSON") == true)
        #expect(
            mistakes.dropFirst() == [
                "table users, row 1, column groups: holds an array where only strings belong",
                "table users, row 1, column scopes: is an object, not a JSON array",
            ])
        #expect(!mistakes.joined().contains("hush"))
    }
}
