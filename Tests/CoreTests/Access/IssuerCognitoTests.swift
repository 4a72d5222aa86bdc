import JOSE
import JSON
import Library
import Support
import Testing

@testable import Access

@Suite("IssuerCognito") struct IssuerCognitoTests {
    private var directory: IssuerDirectory {
        var anna = User(username: "anna")
        (anna.clientId, anna.password, anna.groups) = ("app", "pw", ["admins"])
        var bert = User(username: "bert")
        (bert.clientId, bert.password, bert.clientSecret) = ("locked", "pw", "secret")
        var cara = User(username: "cara")
        cara.clientId = "app"
        return IssuerDirectory(users: [anna, bert, cara], agents: [], base: "http://127.0.0.1:8787")
    }

    private func answer(_ body: String, operation: String = "InitiateAuth") -> IssuerAnswer {
        var chance = SeededGenerator(seed: 1)
        return IssuerCognito(issuer: Issuer(), directory: directory, now: TokenWorld.now)
            .answer(operation, Array(body.utf8), &chance)
    }

    private func call(_ flow: String, client: String = "app", _ parameters: KeyValuePairs<String, String>) throws
        -> JSON.Value
    {
        let members = parameters.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
        return try JSON.Value.parse(
            answer(#"{"AuthFlow":"\#(flow)","ClientId":"\#(client)","AuthParameters":{\#(members)}}"#).body)
    }

    private func refusal(_ value: JSON.Value) -> String {
        "\(value["__type"]?.text ?? "-"): \(value["message"]?.text ?? "-")"
    }

    @Test("a user signs in and gets three tokens, as boto3 expects them")
    func signIn() throws {
        let value = try call("USER_PASSWORD_AUTH", ["USERNAME": "anna", "PASSWORD": "pw"])
        let result = try #require(value["AuthenticationResult"])
        #expect(result.members?.map(\.name) == ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"])
        #expect(result["ExpiresIn"]?.integer == 3_600)
        #expect(result["TokenType"] == "Bearer")
        #expect(value["ChallengeParameters"] == [:])
        let keys = try JWKSet(Issuer().keySet)
        let access = try Claims(try JWS.verify(Array((result["AccessToken"]?.text ?? "").utf8), keys: keys).payload)
        let identity = try Claims(try JWS.verify(Array((result["IdToken"]?.text ?? "").utf8), keys: keys).payload)
        #expect(access["client_id"] == "app")
        #expect(access["cognito:groups"] == ["admins"])
        #expect(identity.audience == ["app"])
        #expect(access["origin_jti"] == identity["origin_jti"])
        #expect(access.subject == identity.subject)
    }

    @Test(
        "a refresh token gives new tokens under either name of the flow",
        arguments: ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
    func refresh(flow: String) throws {
        let first = try call("USER_PASSWORD_AUTH", ["USERNAME": "anna", "PASSWORD": "pw"])
        let token = try #require(first["AuthenticationResult"]?["RefreshToken"]?.text)
        let result = try #require(try call(flow, ["REFRESH_TOKEN": token])["AuthenticationResult"])
        #expect(result.members?.map(\.name) == ["AccessToken", "ExpiresIn", "IdToken", "TokenType"])
        #expect(
            refusal(try call(flow, client: "locked", ["REFRESH_TOKEN": token]))
                == "NotAuthorizedException: Invalid Refresh Token")
        #expect(
            refusal(try call(flow, ["REFRESH_TOKEN": "\(token)x"])) == "NotAuthorizedException: Invalid Refresh Token")
    }

    @Test("a stranger, a wrong password and a user without one hear the same")
    func wrongPassword() throws {
        for (name, password) in [("anna", "Pw"), ("anna", ""), ("nobody", "pw"), ("cara", ""), ("bert", "pw")] {
            #expect(
                refusal(try call("USER_PASSWORD_AUTH", ["USERNAME": name, "PASSWORD": password]))
                    == "NotAuthorizedException: Incorrect username or password.")
        }
    }

    @Test("a client with a secret shows the hash")
    func secretHash() throws {
        let hash = IssuerDirectory.secretHash(username: "bert", clientId: "locked", secret: "secret")
        func call(_ parameters: KeyValuePairs<String, String>) throws -> JSON.Value {
            try self.call("USER_PASSWORD_AUTH", client: "locked", parameters)
        }
        #expect(try call(["USERNAME": "bert", "PASSWORD": "pw", "SECRET_HASH": hash])["AuthenticationResult"] != nil)
        #expect(
            refusal(try call(["USERNAME": "bert", "PASSWORD": "pw", "SECRET_HASH": "x"]))
                == "NotAuthorizedException: Unable to verify secret hash for client locked")
        #expect(
            refusal(try call(["USERNAME": "bert", "PASSWORD": "pw"])).hasSuffix("but SECRET_HASH was not received"))
        #expect(
            refusal(try self.call("USER_PASSWORD_AUTH", ["USERNAME": "anna", "PASSWORD": "pw", "SECRET_HASH": hash]))
                .hasSuffix("but SECRET_HASH was received"))
    }

    @Test("what is missing or unknown is named in Cognito's words")
    func refusals() throws {
        for (body, expected) in [
            (
                #"{"ClientId":"app"}"#,
                "InvalidParameterException: 1 validation error detected: Value null at 'authFlow' failed to satisfy constraint: Member must not be null"
            ),
            (
                #"{"AuthFlow":"REFRESH_TOKEN"}"#,
                "InvalidParameterException: 1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null"
            ),
            (
                #"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"nope"}"#,
                "ResourceNotFoundException: User pool client nope does not exist."
            ),
            (
                #"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"app"}"#,
                "InvalidParameterException: Missing required parameter USERNAME"
            ),
            (
                #"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"app","AuthParameters":{"USERNAME":"anna"}}"#,
                "InvalidParameterException: Missing required parameter PASSWORD"
            ),
            (
                #"{"AuthFlow":"REFRESH_TOKEN","ClientId":"app","AuthParameters":[]}"#,
                "InvalidParameterException: Missing required parameter REFRESH_TOKEN"
            ),
            (
                #"{"AuthFlow":"USER_SRP_AUTH","ClientId":"app"}"#,
                "InvalidParameterException: USER_SRP_AUTH flow not enabled for this client"
            ),
            ("", "SerializationException: -"), ("[]", "SerializationException: -"), ("{", "SerializationException: -"),
            (String(repeating: "[", count: 60_000), "SerializationException: -"),
        ] {
            #expect(refusal(try JSON.Value.parse(answer(body).body)) == expected)
        }
        #expect(refusal(try JSON.Value.parse(answer("{}", operation: "SignUp").body)) == "UnknownOperationException: -")
    }

    @Test("the fields are those of the JSON-1.1 protocol")
    func fields() {
        let refused = answer(#"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"nope"}"#)
        #expect(refused.status == 400)
        #expect(refused.fields.value(of: "content-type") == "application/x-amz-json-1.1")
        #expect(refused.fields.value(of: "x-amzn-errortype") == "ResourceNotFoundException:")
        #expect(refused.fields.value(of: "x-amzn-errormessage") == "User pool client nope does not exist.")
        #expect(refused.fields.value(of: "x-amzn-requestid")?.utf8.count == 36)
    }
}
