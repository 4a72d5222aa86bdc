import JSON
import Support
import Testing

@Suite("End to end: the restaurant, behind tokens") struct RestaurantTests {
    private static let search = "restaurant_search_agent-ABCDEFGHIJ"
    private static let reasoning = "restaurant_search_result_reasoning_agent-MSns5D6SLE"

    private let world: World

    init() throws { world = try World("restaurant", agents: "us-east-1:209803798463") }

    /// What Cognito's `InitiateAuth` answers.
    private func signIn(_ flow: String, _ parameters: JSON.Value) throws -> JSON.Value {
        let body: JSON.Value = ["AuthFlow": .string(flow), "ClientId": "restaurant-web", "AuthParameters": parameters]
        let answer = try world.serving.ask(
            "POST", "/",
            fields: "X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth\r\n"
                + "Content-Type: application/x-amz-json-1.1\r\n",
            body: body.json())
        #expect(answer.status == 200, "\(answer.body)")
        return try #require(try Value.parse(answer.body)["AuthenticationResult"])
    }

    @Test("sign in, search, reason as a stream; refresh, and again; nothing secret is kept")
    func evening() throws {
        let stranger = try world.invoke(Self.search, ["prompt": "sushi"])
        #expect(stranger.status == 401)
        #expect(stranger.raw.field("WWW-Authenticate")?.contains("resource_metadata=") == true)

        let tokens = try signIn("USER_PASSWORD_AUTH", ["USERNAME": "anna", "PASSWORD": "understudy"])
        let token = try #require(tokens["AccessToken"]?.text)
        let found = try world.invoke(Self.search, ["prompt": "Sushi in Munich"], session: "anna", token: token)
        #expect(found.status == 200 && found.json["query"] == "Sushi in Munich")
        #expect(found.json["session"]?.text == World.session("anna"))
        let results = try #require(found.json["results"])
        #expect(results.array?.count == 2)
        let more = try world.invoke(Self.search, ["prompt": "more"], session: "anna", token: token)
        #expect(more.json["page"]?.integer == 2)

        let advice = try world.invoke(Self.reasoning, ["results": results], token: token)
        #expect(advice.raw.field("Content-Type") == "text/event-stream")
        let events = try advice.events.map { try Value.parse($0.data ?? []) }
        #expect(
            events.compactMap { $0["text"]?.text }.joined()
                == "Of the places found, Sushi Kaito has the best rating (4.7).")
        #expect(events.last?["recommendation"]?["id"] == "r-1001")
        #expect(advice.raw.pieces.count == events.count && advice.raw.isWhole)

        let identity = try #require(tokens["IdToken"]?.text)
        let misused = try world.invoke(Self.search, ["prompt": "sushi"], token: identity)
        #expect(misused.status == 401, "\(misused.raw)")
        let refresh = try #require(tokens["RefreshToken"]?.text)
        let second = try #require(
            try signIn("REFRESH_TOKEN_AUTH", ["REFRESH_TOKEN": .string(refresh)])["AccessToken"]?.text)
        #expect(second != token)
        #expect(try world.invoke(Self.search, ["prompt": "pasta"], token: second).json["results"] == [])

        let calls = try world.end()
        #expect(calls.compactMap { $0["number"]?.integer } == Array(1...calls.count))
        #expect(calls.compactMap { $0["rule"]?.text } == ["sushi", "the second page", "reasoning", "nothing found"])
        let secrets = [token, identity, refresh, second].flatMap { [$0, String($0.split(separator: ".").last ?? "")] }
        #expect(try world.journalHolds(secrets + [#""understudy""#]) == [])
        #expect(try world.journalHolds(["Sushi in Munich"]) == ["Sushi in Munich"])
    }

    @Test("the backend signs in for itself, with its secret")
    func backend() throws {
        let answer = try world.serving.ask(
            "POST", "/oauth2/token",
            fields: "Content-Type: application/x-www-form-urlencoded\r\n"
                + "Authorization: Basic cmVzdGF1cmFudC1iYWNrZW5kOnVuZGVyc3R1ZHktc2VjcmV0\r\n",
            body: "grant_type=client_credentials&scope=restaurants/search")
        let token = try #require(try Value.parse(answer.body)["access_token"]?.text)
        #expect(try world.invoke(Self.search, ["prompt": "sushi"], token: token).status == 200)
        _ = try world.end()
        #expect(
            try world.journalHolds([token, "cmVzdGF1cmFudC1iYWNrZW5kOnVuZGVyc3R1ZHktc2VjcmV0", "understudy-secret"])
                == [])
    }

    @Test("a wrong password, a token of another issuer, one about to expire")
    func refusals() throws {
        let body: JSON.Value = [
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "restaurant-web",
            "AuthParameters": ["USERNAME": "anna", "PASSWORD": "wrong-password"],
        ]
        let wrong = try world.serving.ask(
            "POST", "/", fields: "X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth\r\n", body: body.json())
        #expect(wrong.status == 400 && wrong.body.contains("NotAuthorizedException"))
        let foreign = TokenMaker.signed(#"{"iss":"https://elsewhere","exp":9999999999}"#)
        let alien = try world.invoke(Self.search, ["prompt": "sushi"], token: foreign)
        #expect(alien.status == 401, "\(alien.raw)")
        let asked: JSON.Value = ["agent": .string(Self.search), "expiresIn": "45s"]
        let ending = try Value.parse(try world.serving.ask("POST", "/_understudy/tokens", body: asked.json()).body)
        let late = try world.invoke(Self.search, ["prompt": "sushi"], token: try #require(ending["token"]?.text))
        #expect(late.status == 403 && late.raw.body.contains("will expire within the next minute"))
        let calls = try world.end()
        #expect(calls.suffix(2).allSatisfy { $0["auth"]?["verdict"] == "refused" })
        #expect(try world.journalHolds(["wrong-password", foreign]) == [])
    }
}
