import JSON
import Runtime

extension Agent {
    var written: Value {
        var fields = FieldWriter()
        fields.add("arn", arn)
        fields.add("protocol", self.protocol?.rawValue)
        fields.add("endpoints", endpoints)
        fields.add("auth", auth?.written)
        fields.add("dialect", dialect?.rawValue)
        fields.add("session", session?.written)
        fields.add("limits", limits?.written)
        fields.add("requestHeaders", requestHeaders)
        fields.add("forward", forward)
        return fields.object
    }
}

extension Auth {
    fileprivate var written: Value {
        switch self {
        case .sigv4: "sigv4"
        case .any: "any"
        case .none: "none"
        case .jwt(let authorizer): .object([Value.Member("jwt", authorizer.written)])
        }
    }
}

extension SessionLimits {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("idleTimeout", idleTimeout)
        fields.add("maxLifetime", maxLifetime)
        fields.add("coldStart", coldStart)
        return fields.object
    }
}

extension ServiceLimits {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("sessions", sessions)
        fields.add("newSessions", newSessions?.text)
        fields.add("rate", rate?.text)
        return fields.object
    }
}

extension JWTAuthorizer {
    fileprivate var written: Value {
        var fields = FieldWriter()
        fields.add("discoveryUrl", discoveryUrl)
        fields.add("allowedAudience", allowedAudience)
        fields.add("allowedClients", allowedClients)
        fields.add("allowedScopes", allowedScopes)
        fields.add("advertisedScopeMapping", advertisedScopeMapping.map(Value.object))
        fields.add("customClaims", customClaims.map { .array($0.map(\.written)) })
        return fields.object
    }
}

extension CustomClaim {
    fileprivate var written: Value {
        var wanted = FieldWriter()
        switch match {
        case .string(let text): wanted.add("matchValueString", text)
        case .list(let texts): wanted.add("matchValueStringList", texts)
        }
        var rule = FieldWriter()
        rule.add("claimMatchValue", wanted.object)
        rule.add("claimMatchOperator", self.operator.rawValue)
        var fields = FieldWriter()
        fields.add("inboundTokenClaimName", name)
        fields.add("inboundTokenClaimValueType", valueType.rawValue)
        fields.add("authorizingClaimMatchValue", rule.object)
        return fields.object
    }
}

extension Credential {
    var written: Value {
        var fields = FieldWriter()
        fields.add("accessKeyId", accessKeyId)
        fields.add("secretAccessKey", secretAccessKey)
        fields.add("sessionToken", sessionToken)
        fields.add("expires", expires)
        fields.add("deny", deny)
        return fields.object
    }
}

extension User {
    var written: Value {
        var fields = FieldWriter()
        fields.add("username", username)
        fields.add("password", password)
        fields.add("clientId", clientId)
        fields.add("clientSecret", clientSecret)
        fields.add("groups", groups)
        fields.add("scopes", scopes)
        return fields.object
    }
}
