import Library
import Testing

@testable import Store

@Suite("An agent's authorizer in a library") struct AuthorizerColumnTests {
    private static let url = "https://id.example/.well-known/openid-configuration"

    private func library(_ jwt: String) throws -> EditedLibrary {
        try EditedLibrary("INSERT INTO agents (arn, auth, jwt) VALUES ('*', 'jwt', '\(jwt)')")
    }

    @Test("is read as in a scenario file")
    func reads() throws {
        let jwt = #"{"discoveryUrl": "\#(Self.url)", "allowedClients": ["app"]}"#
        var authorizer = JWTAuthorizer(discoveryUrl: Self.url)
        authorizer.allowedClients = ["app"]
        #expect(try library(jwt).read().agents.first?.auth == .jwt(authorizer))
    }

    @Test("the words need no JSON")
    func words() throws {
        let library = try EditedLibrary(
            "INSERT INTO agents (arn, auth) VALUES ('a', 'sigv4'), ('b', 'any'), ('c', 'none')")
        #expect(try library.read().agents.map(\.auth) == [.sigv4, .any, Auth.none])
        #expect(Auth.sigv4.columns == ("sigv4", nil))
    }

    @Test("is refused as in a scenario file, with its place in the JSON")
    func refuses() throws {
        let mistakes = try library(#"{"allowedClients": ["app"], "colour": 1}"#).mistakes
        #expect(mistakes.count == 2)
        #expect(mistakes.allSatisfy { $0.hasPrefix("table agents, row 1, column jwt: ") })
        #expect(mistakes.contains { $0.contains("\"discoveryUrl\" is missing") })
        #expect(mistakes.contains { $0.contains("colour") })
        let url = try library(#"{"discoveryUrl": "nowhere", "allowedClients": ["app"]}"#).mistakes
        #expect(url.first?.hasPrefix("table agents, row 1, column jwt: discoveryUrl: \"nowhere\" is not") == true)
    }
}
