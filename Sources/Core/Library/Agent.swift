import Bytes
import Fields
import Forwarding
import JSON
import Runtime

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

/// `agents[…]`
enum AgentReader {
    static func read(_ fields: inout FieldReader) -> Agent? {
        let arn = fields.requiredText("arn", name)
        var agent = Agent(arn: arn ?? "*")
        agent.protocol = fields.choice("protocol", of: AgentProtocol.self)
        agent.endpoints = fields.texts("endpoints", atLeast: 1, endpoint)
        if let endpoints = agent.endpoints, Set(endpoints).count < endpoints.count {
            fields.refuse("endpoints", "an endpoint is named twice")
        }
        agent.auth = auth(&fields)
        agent.dialect = fields.choice("dialect", of: Dialect.self)
        agent.session = fields.object("session", SessionLimits.read)
        agent.limits = fields.object("limits", ServiceLimits.read)
        agent.requestHeaders = fields.texts("requestHeaders", atLeast: 1, requestHeader)
        if let headers = agent.requestHeaders, Set(headers.map { $0.lowercased() }).count < headers.count {
            fields.refuse("requestHeaders", "a header is named twice")
        }
        agent.forward = fields.text("forward", address)
        return arn == nil ? nil : agent
    }

    private static func auth(_ fields: inout FieldReader) -> Auth? {
        fields.either("auth", expected: "\"sigv4\", \"any\", \"none\" or {\"jwt\": …}") { fields -> Auth? in
            switch fields.text("auth", .oneOf(["sigv4", "any", "none"])) {
            case "sigv4": .sigv4
            case "any": .any
            case "none": Auth.none
            default: nil
            }
        } object: { fields in
            fields.object("auth") { fields in
                guard fields.required("jwt") != nil else { return nil }
                return fields.object("jwt", AuthorizerReader.read).map(Auth.jwt)
            }
        }
    }

    /// An ARN, an agent's id, or a pattern over either.
    private static let name = TextCheck { text in
        let isPattern = text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        if isPattern { return TextCheck.glob.problem(text) }
        if AgentARN(text) != nil || AgentARN.isAgentID(text) { return nil }
        return TextCheck.Problem(
            message: "\(TextCheck.quoted(text)) is neither an agent's ARN nor its id nor a pattern",
            hint: "an ARN is arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/ID, an id letters, digits, _ and -, "
                + "and \"*\" every agent")
    }

    /// `[a-zA-Z][a-zA-Z0-9_]{0,47}`; `*` takes every qualifier.
    private static let endpoint = TextCheck(
        { "\(TextCheck.quoted($0)) cannot be the name of an endpoint" },
        hint: "a letter, then up to 47 letters, digits and _; or \"*\" for every endpoint"
    ) { text in
        let bytes = Array(text.utf8)
        return text == "*"
            || bytes.count <= 48 && bytes.first.map(ASCII.isLetter) == true
                && bytes.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// "`x-amz-*` always refused; `x-amzn-*` refused except `X-Amzn-Bedrock-AgentCore-Runtime-Custom-*`" (wire reference
    /// 3.6); a name may end in `*`.
    private static let requestHeader = TextCheck { text in
        let name = Array(text.utf8)
        let stem = name.last == UInt8(ascii: "*") ? name.dropLast() : name[...]
        let isName =
            stem.count <= 256 && stem.first.map(ASCII.isLetter) == true
            && stem.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D || $0 == 0x5F }
        guard isName else {
            return TextCheck.Problem(message: "\(TextCheck.quoted(text)) cannot be the name of a request header")
        }
        let lower = text.lowercased()
        let isReserved =
            lower.hasPrefix("x-amz-")
            || lower.hasPrefix("x-amzn-") && !lower.hasPrefix("x-amzn-bedrock-agentcore-runtime-custom-")
        guard isReserved else { return nil }
        return TextCheck.Problem(
            message: "the service passes no header \(TextCheck.quoted(text)) to agents",
            hint: "of x-amz… only X-Amzn-Bedrock-AgentCore-Runtime-Custom-… is allowed")
    }

    private static let address = TextCheck(
        { "\(TextCheck.quoted($0)) is not the address of an agent" }, hint: "write it as \"http://127.0.0.1:8080\""
    ) { Destination(.agent, $0) != nil }
}

extension Agent {
    package var written: Value {
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
