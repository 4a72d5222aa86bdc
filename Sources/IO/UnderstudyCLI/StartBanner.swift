import Library

/// What a person wants to know who has just started a server: what is served, and what to type next. On standard error,
/// as standard output has the ready line alone.
struct StartBanner {
    let url: String
    let libraries: [String]
    let scenario: Scenario
    let seed: UInt64
    let version: String
    private static let most = 5

    var text: String {
        var lines = ["understudy \(version) serves \(names(libraries.isEmpty ? ["the built-in library"] : libraries))"]
        func tell(_ name: String, _ text: String) {
            lines.append("  " + name + String(repeating: " ", count: max(1, 11 - name.count)) + text)
        }
        tell("agents", scenario.agents.isEmpty ? "none" : names(scenario.agents.map(described)))
        tell("rules", scenario.rules.isEmpty ? "none" : names(scenario.rules.map { $0.name ?? "(no name)" }))
        if !scenario.faults.isEmpty { tell("faults", names(scenario.faults.map { $0.name ?? $0.fault })) }
        tell("look", "\(url)/_understudy/")
        if takesTokensOnly {
            tell("token", "understudy token --server \(url)\(tokenAgent)")
        } else {
            tell("boto3", "export AWS_ENDPOINT_URL_BEDROCK_AGENTCORE=\(url)")
        }
        if !takesTokensOnly, let credential {
            // Whatever else a library holds may be somebody's own.
            let secret = credential.secretAccessKey == "test" ? "test" : "…"
            tell(
                "",
                "export AWS_ACCESS_KEY_ID=\(CallLine.shown(credential.accessKeyId)) AWS_SECRET_ACCESS_KEY=\(secret) "
                    + "AWS_DEFAULT_REGION=us-east-1")
        }
        tell("journal", "understudy journal \(url) --follow")
        tell("seed", "\(seed)")
        return lines.joined(separator: "\n")
    }

    /// No agent takes a signature, as a client of AWS sends it.
    private var takesTokensOnly: Bool {
        !scenario.agents.isEmpty
            && scenario.agents.allSatisfy { agent in
                guard case .jwt? = agent.auth else { return false }
                return true
            }
    }

    /// A pattern is no agent that a token could be for.
    private var tokenAgent: String {
        let first = scenario.agents.first { !$0.arn.contains("*") && !$0.arn.contains("?") }
        return first.map { " --agent " + CallLine.shown(CallLine.short($0.arn)) } ?? ""
    }

    /// One that its two words are enough for: it does not end, and nothing is denied to it.
    private var credential: Credential? {
        let good = scenario.credentials.filter {
            $0.expires == nil && $0.sessionToken == nil && ($0.deny ?? []).isEmpty
        }
        return good.first { $0.secretAccessKey == "test" } ?? good.first
    }

    private func described(_ agent: Agent) -> String {
        let access =
            switch agent.auth ?? .sigv4 {
            case .sigv4: "signed"
            case .jwt: "by token"
            case .any: "signed or by token"
            case .none: "open"
            }
        let name = agent.arn == "*" ? "every agent" : CallLine.short(agent.arn)
        return "\(name) (\((agent.protocol ?? .http).rawValue), \(access))"
    }

    private func names(_ all: [String]) -> String {
        let shown = all.prefix(Self.most).map(CallLine.shown).joined(separator: ", ")
        return all.count > Self.most ? "\(shown) and \(all.count - Self.most) more" : shown
    }
}
