import Bytes

// Rules.  What the server answers for in the place of AWS is told by the host name alone: the labels of the services it
//         stands in for, below one of the suffixes under which AWS keeps them.
// Theory. `bedrock-agentcore.us-east-1.amazonaws.com`, `bedrock-agentcore-fips.us-east-1.api.aws`, a VPC endpoint's
//         `vpce-0123.bedrock-agentcore.us-east-1.vpce.amazonaws.com`, Cognito's `shop.auth.eu-west-1.amazoncognito.com`:
//         wherever the service's label stands, it is that service.

/// A host name of AWS that a local stand-in is meant by.
package struct ServiceHost: Equatable, Sendable {
    /// The service's label, without `-fips`.
    package let service: String
    /// Nil for a name that is for all regions.
    package let region: String?

    /// The services that the server answers for, and the older name that clients of Bedrock's agents call.
    package static let services = [
        "bedrock-agentcore", "bedrock-agentcore-control", "bedrock-agent-runtime", "cognito-idp", "sts", "ssm", "logs",
        "xray",
    ]

    private static let suffixes = [
        ".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn", ".amazonaws.eu",
    ]

    /// Nil for the host of anything else.
    package init?(_ host: String) {
        let name = Self.normalized(host)
        if name.hasSuffix(".amazoncognito.com") {
            let labels = name.split(separator: ".")
            guard let place = labels.firstIndex(where: { $0 == "auth" || $0 == "auth-fips" }), place > 0 else {
                return nil
            }
            (service, region) = ("cognito-idp", labels[place + 1] == "amazoncognito" ? nil : String(labels[place + 1]))
            return
        }
        guard let suffix = Self.suffixes.first(where: name.hasSuffix) else { return nil }
        let labels = name.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count <= 6, !labels.contains(""),
            let place = labels.firstIndex(where: { Self.services.contains(Self.plain($0)) })
        else { return nil }
        service = Self.plain(labels[place])
        region = place + 1 < labels.count ? String(labels[place + 1]) : nil
    }

    /// Whether a name belongs to AWS at all.
    package static func isOfAWS(_ host: String) -> Bool {
        let name = normalized(host)
        return suffixes.contains { name.hasSuffix($0) } || name.hasSuffix(".amazoncognito.com")
    }

    private static func plain(_ label: Substring) -> String {
        String(label.hasSuffix("-fips") ? label.dropLast(5) : label)
    }

    static func normalized(_ host: String) -> String {
        let lowered = host.lowercased()
        return lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
    }
}
