import Bytes

/// Which protocol an agent's container speaks; it decides the shape of the errors its callers see.
package enum AgentProtocol: String, Sendable, CaseIterable {
    case http = "HTTP"
    case mcp = "MCP"
    case a2a = "A2A"
    case agui = "AGUI"
}

/// Where the service's own answers changed over time: `2025` refuses a nearly expired token with 403, `2026` with 401.
package enum Dialect: String, Sendable, CaseIterable {
    case y2025 = "2025"
    case y2026 = "2026"
}

/// `arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ`, taken apart.
package struct AgentARN: Hashable, Sendable {
    package var partition: String
    package var region: String
    package var account: String
    package var id: String

    package init(partition: String = "aws", region: String, account: String, id: String) {
        self.partition = partition
        self.region = region
        self.account = account
        self.id = id
    }

    /// The control plane's pattern, `arn:aws(-[^:]+)?:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:runtime/` and an agent id.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1] == "aws" || parts[1].hasPrefix("aws-"),
            parts[2] == "bedrock-agentcore", Self.isRegion(parts[3]), Self.isAccount(parts[4]),
            parts[5].hasPrefix("runtime/")
        else { return nil }
        let id = parts[5].dropFirst("runtime/".count)
        guard Self.isAgentID(id) else { return nil }
        self.init(partition: String(parts[1]), region: String(parts[3]), account: String(parts[4]), id: String(id))
    }

    package var text: String { "arn:\(partition):bedrock-agentcore:\(region):\(account):runtime/\(id)" }

    package static func isAccount(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { ASCII.isDigit($0) }
    }

    package static func isRegion(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 &- 0x61 < 26 }
    }

    /// The service makes ids as `[a-zA-Z][a-zA-Z0-9_]{0,47}-[a-zA-Z0-9]{10}`. Any such word up to that length is let
    /// through: a library may name its agents as it likes, and one it does not know is refused for that.
    package static func isAgentID(_ text: some StringProtocol) -> Bool {
        (1...59).contains(text.utf8.count) && ASCII.isLetter(text.utf8.first ?? 0)
            && text.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }
}

/// How a caller names an agent in the path: by its ARN, or by its id with `accountId` beside it.
package enum AgentReference: Equatable, Sendable {
    case arn(AgentARN)
    case id(String, account: String)

    package enum Mistake: Error, Equatable {
        /// Observed: `/runtimes/{id}/invocations` without `accountId` is a 400.
        case accountMissing
        /// An `accountId` that is not twelve digits.
        case accountMalformed
        /// Nothing that an agent could be called; the text as the caller sent it.
        case unreadable(String)
    }

    /// Reads the path segment as it stood on the wire. A pasted ARN with a line feed is not an ARN: it is refused as an
    /// unknown agent, as the service does.
    package static func read(segment: some Collection<UInt8>, account: String?) -> Result<AgentReference, Mistake> {
        if let account, !account.isEmpty, !AgentARN.isAccount(account) { return .failure(.accountMalformed) }
        guard let text = PercentEncoding.decode(segment).flatMap({ String(utf8: $0) }) else {
            return .failure(.unreadable(String(lossy: segment)))
        }
        if let arn = AgentARN(text) { return .success(.arn(arn)) }
        guard AgentARN.isAgentID(text) else { return .failure(.unreadable(text)) }
        guard let account, !account.isEmpty else { return .failure(.accountMissing) }
        return .success(.id(text, account: account))
    }

    package var id: String {
        switch self {
        case .arn(let arn): arn.id
        case .id(let id, _): id
        }
    }

    package var account: String {
        switch self {
        case .arn(let arn): arn.account
        case .id(_, let account): account
        }
    }

    /// Nil for the id form: then the region is whatever the caller signed for.
    package var region: String? {
        if case .arn(let arn) = self { arn.region } else { nil }
    }

    /// The ARN, with `region` filling in for the id form.
    package func arnText(region: String) -> String {
        switch self {
        case .arn(let arn): arn.text
        case .id(let id, let account): AgentARN(region: region, account: account, id: id).text
        }
    }
}
