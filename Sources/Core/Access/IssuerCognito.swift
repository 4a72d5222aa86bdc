import Bytes
import JSON
import Library
import Runtime
import Time

/// `POST /` with `X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth`: enough of the user pools' JSON-1.1 API
/// for boto3's `cognito-idp` to sign a user in.
struct IssuerCognito {
    static let targetPrefix = "AWSCognitoIdentityProviderService."

    let issuer: Issuer
    let directory: IssuerDirectory
    let now: Instant

    private struct Refusal: Error {
        let type: String
        var message: String?
    }

    func answer(
        _ operation: String, _ body: [UInt8], _ chance: inout some RandomNumberGenerator
    ) -> IssuerAnswer {
        let requestId = UUIDText.version4(chance.next(), chance.next())
        let input = body.count <= 65_536 ? try? JSON.Value.parse(body, .init(maximumDepth: 32)) : nil
        var answer: IssuerAnswer
        do {
            answer = IssuerAnswer(
                contentType: "application/x-amz-json-1.1", body: try authenticate(operation, input, &chance))
        } catch {
            var members: [JSON.Value.Member] = [.init("__type", .string(error.type))]
            if let message = error.message { members.append(.init("message", .string(message))) }
            answer = IssuerAnswer(
                status: 400, contentType: "application/x-amz-json-1.1", body: .object(members))
            answer.fields.add("x-amzn-ErrorType", "\(error.type):")
            if let message = error.message { answer.fields.add("x-amzn-ErrorMessage", message) }
        }
        answer.fields.add("x-amzn-RequestId", requestId)
        answer.grant = (input?["AuthFlow"]?.text?.prefix(64)).map(String.init)
        answer.client = (input?["ClientId"]?.text?.prefix(128)).map(String.init)
        return answer
    }

    private func authenticate(
        _ operation: String, _ input: JSON.Value?, _ chance: inout some RandomNumberGenerator
    ) throws(Refusal) -> JSON.Value {
        guard operation == IssuerOperation.initiateAuth.rawValue else {
            throw Refusal(type: "UnknownOperationException")
        }
        guard let input, input.members != nil else { throw Refusal(type: "SerializationException") }
        let flow = try member("AuthFlow", named: "authFlow", of: input)
        let clientId = try member("ClientId", named: "clientId", of: input)
        guard directory.knowsClient(clientId) else {
            throw Refusal(
                type: "ResourceNotFoundException", message: "User pool client \(clientId.prefix(128)) does not exist.")
        }
        let parameters = input["AuthParameters"] ?? .null
        switch flow {
        case "USER_PASSWORD_AUTH":
            let session = try signIn(clientId, parameters, &chance)
            return result(session, refreshToken: session.refreshToken, &chance)
        case "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN":
            return result(try refresh(clientId, parameters), refreshToken: nil, &chance)
        default:
            throw invalid("\(flow.prefix(64)) flow not enabled for this client")
        }
    }

    private func signIn(
        _ clientId: String, _ parameters: JSON.Value, _ chance: inout some RandomNumberGenerator
    ) throws(Refusal) -> IssuerSession {
        let username = try parameter("USERNAME", of: parameters)
        let password = try parameter("PASSWORD", of: parameters)
        try checkSecretHash(clientId, username, parameters)
        // The same words for a stranger and a wrong password, so that nobody learns who exists.
        guard let user = directory.user(username, clientId: clientId), let expected = user.password,
            IssuerDirectory.isSame(password, expected)
        else { throw unauthorized("Incorrect username or password.") }
        return IssuerSession(
            issuer: issuer, name: directory.issuer(forClient: clientId), user: user, clientId: clientId,
            origin: UUIDText.version4(chance.next(), chance.next()), authenticatedAt: now)
    }

    private func refresh(_ clientId: String, _ parameters: JSON.Value) throws(Refusal) -> IssuerSession {
        let text = try parameter("REFRESH_TOKEN", of: parameters)
        guard let session = IssuerSession(issuer, directory, refresh: text, clientId: clientId, now: now) else {
            throw unauthorized("Invalid Refresh Token")
        }
        try checkSecretHash(clientId, session.user.username, parameters)
        return session
    }

    private func checkSecretHash(
        _ clientId: String, _ username: String, _ parameters: JSON.Value
    ) throws(Refusal) {
        let presented = parameters["SECRET_HASH"]?.text
        guard let secret = directory.client(clientId)?.clientSecret else {
            guard presented == nil else {
                throw unauthorized("Client \(clientId) is not configured with secret but SECRET_HASH was received")
            }
            return
        }
        guard let presented else {
            throw unauthorized("Client \(clientId) is configured with secret but SECRET_HASH was not received")
        }
        let expected = IssuerDirectory.secretHash(username: username, clientId: clientId, secret: secret)
        guard IssuerDirectory.isSame(presented, expected) else {
            throw unauthorized("Unable to verify secret hash for client \(clientId)")
        }
    }

    private func result(
        _ session: IssuerSession, refreshToken: String?, _ chance: inout some RandomNumberGenerator
    ) -> JSON.Value {
        var members: [JSON.Value.Member] = [
            .init("AccessToken", .string(session.token(.access, now: now, chance: &chance))),
            .init("ExpiresIn", 3_600),
            .init("IdToken", .string(session.token(.id, now: now, chance: &chance))),
        ]
        if let refreshToken { members.append(.init("RefreshToken", .string(refreshToken))) }
        members.append(.init("TokenType", "Bearer"))
        return ["AuthenticationResult": .object(members), "ChallengeParameters": [:]]
    }

    private func member(_ key: String, named name: String, of input: JSON.Value) throws(Refusal) -> String {
        guard let text = input[key]?.text else {
            throw invalid(
                "1 validation error detected: Value null at '\(name)' failed to satisfy constraint: "
                    + "Member must not be null")
        }
        return text
    }

    private func parameter(_ name: String, of parameters: JSON.Value) throws(Refusal) -> String {
        guard let text = parameters[name]?.text else { throw invalid("Missing required parameter \(name)") }
        return text
    }

    private func invalid(_ message: String) -> Refusal {
        Refusal(type: "InvalidParameterException", message: message)
    }

    private func unauthorized(_ message: String) -> Refusal {
        Refusal(type: "NotAuthorizedException", message: message)
    }
}
