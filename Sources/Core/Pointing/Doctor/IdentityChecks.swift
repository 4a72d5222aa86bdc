import Bytes
import JSON

/// Region, credentials, tokens: who a program would say it is.
enum IdentityChecks {
    static func check(_ around: Surroundings) -> [Advice] {
        region(around) + credentials(around) + tokens(around) + agents(around)
    }

    private static func region(_ around: Surroundings) -> [Advice] {
        guard let region = EndpointChoice.region(around) else {
            return [
                Advice(
                    .error, "There is no region: SDKs stop before they call anybody.",
                    do: "export AWS_DEFAULT_REGION=us-east-1")
            ]
        }
        let isWord = region.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") }
        if isWord, region.contains("-") { return [] }
        return [Advice(.error, "The region is “\(region)”, which is none.", do: "export AWS_DEFAULT_REGION=us-east-1")]
    }

    private static func credentials(_ around: Surroundings) -> [Advice] {
        let (id, secret) = (around["AWS_ACCESS_KEY_ID"], around["AWS_SECRET_ACCESS_KEY"])
        if (id == nil) != (secret == nil) {
            let missing = id == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
            return [
                Advice(
                    .error, "\(missing) is not set, and the other half of the pair is.", do: "export \(missing)=test")
            ]
        }
        let others = [
            "aws_access_key_id", "role_arn", "sso_session", "sso_start_url", "credential_process", "login_session",
        ]
        let hasOthers =
            others.contains { around.profile.value($0) != nil } || around["AWS_WEB_IDENTITY_TOKEN_FILE"] != nil
            || around["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] != nil
            || around["AWS_CONTAINER_CREDENTIALS_FULL_URI"] != nil
        if id == nil {
            if hasOthers { return [] }
            return [
                Advice(
                    .error, "There are no credentials: SDKs stop before they call anybody.",
                    do: "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
            ]
        }
        guard around["AWS_SESSION_TOKEN"] != nil, id == "test" || id == "AKIDEXAMPLE" else { return [] }
        return [
            Advice(
                .warning, "AWS_SESSION_TOKEN is left over from other credentials than \(id ?? ""), which have none.",
                do: "unset AWS_SESSION_TOKEN")
        ]
    }

    private static func tokens(_ around: Surroundings) -> [Advice] {
        let names = around.variables.keys.sorted().filter {
            let name = $0.uppercased()
            return name == "BEARER_TOKEN" || name.hasSuffix("_BEARER_TOKEN") || name == "AGENTCORE_TOKEN"
        }
        return names.compactMap { name in
            guard let token = around.variables[name] else { return nil }
            return judge(token, name, around)
        }
    }

    private static func judge(_ token: String, _ name: String, _ around: Surroundings) -> Advice? {
        let get = "export \(name)=\"$(understudy token)\""
        let bare = token.lowercased().hasPrefix("bearer ") ? String(token.dropFirst(7)) : token
        if ["", "undefined", "null", "none", "nan"].contains(bare.lowercased()) {
            return Advice(
                .error, "\(name) is “\(token)”: the program that set it had no token, and sends “Bearer \(bare)”.",
                do: get)
        }
        if bare != token {
            return Advice(.error, "\(name) begins with “Bearer ”, which programs put before it once more.", do: get)
        }
        if token.contains(where: \.isWhitespace) {
            return Advice(.error, "\(name) holds white space, which no token has.", do: get)
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64.url.decode(parts[1].utf8), let claims = try? Value.parse(payload)
        else {
            return Advice(.error, "\(name) is no JWT: it is not three parts of base64url between dots.", do: get)
        }
        guard let expires = claims["exp"]?.integer, expires <= around.now else { return nil }
        return Advice(.error, "\(name) holds a token that expired \(around.now - expires) seconds ago.", do: get)
    }

    /// URLs and ARNs of agents, where programs look for them.
    private static func agents(_ around: Surroundings) -> [Advice] {
        var advice: [Advice] = []
        for name in ["AGENTCORE_RUNTIME_URL", "AGENT_URL", "AGENTCORE_URL"] {
            if let url = around[name], url.holds("/runtimes") { advice += judge(url: url, name, around) }
        }
        for name in ["AGENTCORE_AGENT_ARN", "AGENT_ARN", "AGENT_RUNTIME_ARN"] {
            guard let arn = around[name] else { continue }
            let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 6, parts[0] == "arn", parts[2] == "bedrock-agentcore", parts[5].hasPrefix("runtime/") {
                continue
            }
            advice.append(
                Advice(
                    .error, "\(name) is no ARN of an agent runtime.",
                    do: "arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/NAME-ID"))
        }
        return advice
    }

    private static func judge(url: String, _ name: String, _ around: Surroundings) -> [Advice] {
        let path = url.prefix { $0 != "?" }
        if path.holds("/runtimes/arn:") {
            return [
                Advice(
                    .error, "\(name) holds the ARN as it is: in a path it has to be percent-encoded.",
                    do: "/runtimes/arn%3Aaws%3Abedrock-agentcore%3A…%3Aruntime%2F…/invocations")
            ]
        }
        if !path.holds("/invocations"), !path.hasSuffix("/ws") {
            return [
                Advice(
                    .error, "\(name) ends before /invocations: the service answers “Missing Authentication Token”.",
                    do: "\(path)/invocations?qualifier=DEFAULT")
            ]
        }
        var advice: [Advice] = []
        if !url.holds("qualifier=") {
            advice.append(
                Advice(
                    .note, "\(name) has no qualifier: the endpoint DEFAULT is meant.", do: "\(url)?qualifier=DEFAULT"))
        }
        if let place = Place(url), ClientRoute(to: place, around).destination == .service {
            advice.append(
                Advice(.error, "\(name) names the real service.", do: "\(around.serverOrUsual)\(place.target)"))
        }
        return advice
    }
}
