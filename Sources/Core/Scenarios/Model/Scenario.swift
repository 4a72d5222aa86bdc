import JSON
import Runtime

/// Everything a library says: contract section 3 as values. What a file left out is nil or empty here, so that a
/// scenario leaves as it came.
package struct Scenario: Equatable, Sendable {
    package var agents: [Agent] = []
    package var credentials: [Credential] = []
    package var users: [User] = []
    package var rules: [Rule] = []
    package var faults: [FaultEntry] = []
    /// The bytes of the files that `file` replies name, by the path as written.
    package var files: [String: [UInt8]] = [:]

    package init() {}
}

/// One agent runtime, or all of them (`"*"`).
package struct Agent: Equatable, Sendable {
    /// An ARN, an agent id, a glob over either, or `*`.
    package var arn: String
    package var `protocol`: AgentProtocol?
    package var endpoints: [String]?
    package var auth: Auth?
    package var dialect: Dialect?
    package var session: SessionLimits?
    package var limits: ServiceLimits?
    package var requestHeaders: [String]?
    package var forward: String?

    package init(arn: String) { self.arn = arn }
}

package enum Auth: Equatable, Sendable {
    case sigv4
    case any
    case none
    case jwt(JWTAuthorizer)
}

package struct SessionLimits: Equatable, Sendable {
    package var idleTimeout: Duration?
    package var maxLifetime: Duration?
    package var coldStart: Duration?

    package init(idleTimeout: Duration? = nil, maxLifetime: Duration? = nil, coldStart: Duration? = nil) {
        self.idleTimeout = idleTimeout
        self.maxLifetime = maxLifetime
        self.coldStart = coldStart
    }
}

/// The service's quotas and rates (wire reference 9). None holds unless it is stated.
package struct ServiceLimits: Equatable, Sendable {
    /// Sessions that may be active at a time.
    package var sessions: Int?
    package var newSessions: Rate?
    /// Calls of every operation.
    package var rate: Rate?

    package init(sessions: Int? = nil, newSessions: Rate? = nil, rate: Rate? = nil) {
        self.sessions = sessions
        self.newSessions = newSessions
        self.rate = rate
    }
}

/// The service's `customJWTAuthorizer`.
package struct JWTAuthorizer: Equatable, Sendable {
    package var discoveryUrl: String
    package var allowedAudience: [String]?
    package var allowedClients: [String]?
    package var allowedScopes: [String]?
    package var advertisedScopeMapping: [JSON.Value.Member]?
    package var customClaims: [CustomClaim]?

    package init(discoveryUrl: String) { self.discoveryUrl = discoveryUrl }
}

/// One entry of `customClaims`, spelled in files as the service's model spells it.
package struct CustomClaim: Equatable, Sendable {
    package enum ValueType: String, Sendable, CaseIterable {
        case string = "STRING"
        case stringArray = "STRING_ARRAY"
    }
    package enum Operator: String, Sendable, CaseIterable {
        case equals = "EQUALS"
        case contains = "CONTAINS"
        case containsAny = "CONTAINS_ANY"
    }
    package enum Match: Equatable, Sendable {
        case string(String)
        case list([String])
    }

    package var name: String
    package var valueType: ValueType
    package var `operator`: Operator
    package var match: Match

    package init(name: String, valueType: ValueType, operator: Operator, match: Match) {
        self.name = name
        self.valueType = valueType
        self.operator = `operator`
        self.match = match
    }
}

package struct Credential: Equatable, Sendable {
    package var accessKeyId: String
    package var secretAccessKey: String
    package var sessionToken: String?
    /// RFC 3339, as written.
    package var expires: String?
    package var deny: [String]?

    package init(accessKeyId: String, secretAccessKey: String) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
    }
}

/// Somebody, or a machine client, that the issuer knows.
package struct User: Equatable, Sendable {
    package var username: String
    package var password: String?
    package var clientId: String?
    package var clientSecret: String?
    package var groups: [String]?
    package var scopes: [String]?

    package init(username: String) { self.username = username }
}

/// A fault as the file says it. What its words mean is the fault catalogue's business.
package struct FaultEntry: Equatable, Sendable {
    package var name: String?
    package var agent: String?
    package var endpoint: String?
    package var operation: String?
    package var on: [JSON.Value.Member]?
    package var fault: String
    /// The fault's own parameters, in their order.
    package var parameters: [JSON.Value.Member] = []

    package init(fault: String) { self.fault = fault }
}
