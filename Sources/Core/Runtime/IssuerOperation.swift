/// What the server's own issuer is asked for, as the journal calls it: no agent has a part in such a call.
package enum IssuerOperation: String, Sendable, CaseIterable {
    case keySet = "KeySet"
    case discovery = "Discovery"
    /// The pages on which people sign in.
    case login = "Login"
    case token = "Token"
    /// Cognito's own way to a token.
    case initiateAuth = "InitiateAuth"
}
