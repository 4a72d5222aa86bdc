import Bytes
import HTTPWire

/// The headers whose length the service's model limits, with the names its validation errors use (wire reference 1.3).
package struct MemberLimit: Sendable {
    /// Nil for a member of the content.
    package let header: KnownField?
    package let member: StaticString
    package let shortest: Int
    package let longest: Int

    package static let runtimeSession = MemberLimit(
        header: .session, member: "runtimeSessionId", shortest: 33, longest: 256)
    /// The model of answers ends an id where that of requests does not yet (wire reference C8).
    package static let longestSessionOfAnswers = 100
    package static let invocation: [MemberLimit] = [
        runtimeSession,
        MemberLimit(header: .contentType, member: "contentType", shortest: 1, longest: 256),
        MemberLimit(header: .accept, member: "accept", shortest: 1, longest: 256),
        MemberLimit(
            header: .user, member: "runtimeUserId", shortest: 1, longest: 1_024),
        MemberLimit(header: .mcpSession, member: "mcpSessionId", shortest: 1, longest: 1_024),
        MemberLimit(header: .mcpVersion, member: "mcpProtocolVersion", shortest: 1, longest: 1_024),
        MemberLimit(header: .mcpMethod, member: "mcpMethod", shortest: 1, longest: 1_024),
        MemberLimit(header: .mcpName, member: "mcpName", shortest: 1, longest: 1_024),
        MemberLimit(header: .amznTrace, member: "traceId", shortest: 0, longest: 128),
        MemberLimit(header: .traceParent, member: "traceParent", shortest: 0, longest: 128),
        MemberLimit(header: .traceState, member: "traceState", shortest: 0, longest: 512),
        MemberLimit(header: .baggage, member: "baggage", shortest: 0, longest: 8_192),
    ]

    /// Those of `InvokeAgentRuntimeCommand`, whose trace fields may be longer.
    package static let command = invocation.map { limit in
        ["traceId", "traceParent"].contains(limit.member.description)
            ? MemberLimit(header: limit.header, member: limit.member, shortest: 0, longest: 1_024) : limit
    }

    /// Nil for a length that the service accepts.
    package func violation(ofLength length: Int) -> Violation? {
        if length < shortest { return violation("greater than or equal to \(shortest)") }
        if length > longest { return violation("less than or equal to \(longest)") }
        return nil
    }

    private func violation(_ constraint: String) -> Violation {
        Violation(of: member.description, constraint: "Member must have length \(constraint)")
    }
}

/// The `clientToken` of a request that may be sent again.
package enum ClientToken {
    private static let length = MemberLimit(header: nil, member: "clientToken", shortest: 33, longest: 256)

    /// `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}`: letters, digits and between them hyphens. Its length is complained of first.
    package static func violation(of token: String) -> Violation? {
        let bytes = token.utf8
        if let violation = length.violation(ofLength: bytes.count) { return violation }
        let hyphen = UInt8(ascii: "-")
        let isPlain = bytes.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == hyphen }
        if isPlain, bytes.first != hyphen, bytes.last != hyphen { return nil }
        return Violation(
            of: length.member.description,
            constraint: "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}")
    }
}
