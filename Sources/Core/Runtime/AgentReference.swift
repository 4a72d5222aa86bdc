import Bytes

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
