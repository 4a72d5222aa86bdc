import Access
import Bytes
import Fields
import Library
import Rules
import Runtime
import Time

/// What is right as a scenario and can still hardly be meant: what can answer nobody, and what the service would not take.
package enum Doubts {
    /// A sentence each, in the order of the file.
    package static func of(_ scenario: Scenario) -> [String] {
        guard !scenario.agents.isEmpty else {
            return ["there are no agents: every call is answered 404; an agent \"*\" stands for all"]
        }
        return scenario.agents.flatMap { doubts(of: $0, scenario) } + strangers(in: scenario)
            + rulesForLater(scenario.rules) + hiddenRules(scenario.rules)
    }

    // MARK: Agents

    private static func doubts(of agent: Agent, _ scenario: Scenario) -> [String] {
        var found: [String] = []
        let (signs, tokens) = takes(agent)
        if signs, !tokens, scenario.credentials.isEmpty {
            found.append("it takes signatures alone, and there are no credentials: nobody can call it")
        }
        if case .jwt(let authorizer) = agent.auth, let problem = problem(of: authorizer.discoveryUrl) {
            found.append("its discoveryUrl cannot be fetched, so every call gets 401: \(problem)")
        }
        let limits = Sessions.Limits(idle: agent.session?.idleTimeout, lifetime: agent.session?.maxLifetime)
        if limits.idle > limits.lifetime {
            found.append(
                "its idleTimeout, \(limits.idle.text), is longer than its maxLifetime, \(limits.lifetime.text)")
        }
        for (name, duration) in [
            ("idleTimeout", agent.session?.idleTimeout), ("maxLifetime", agent.session?.maxLifetime),
        ] {
            guard let duration, duration < .seconds(60) else { continue }
            found.append("its \(name), \(duration.text), is below the service's least, 60s")
        }
        return found.map { "agent \(Excerpt.of(.string(agent.arn))): \($0)" }
    }

    private static func takes(_ agent: Agent) -> (signatures: Bool, tokens: Bool) {
        switch agent.auth ?? .sigv4 {
        case .sigv4: (true, false)
        case .any: (true, true)
        case .none: (false, true)
        case .jwt: (false, true)
        }
    }

    /// Our own pools are never fetched, by whichever URL they are named.
    private static func problem(of discoveryURL: String) -> String? {
        guard discoveryURL.hasPrefix("http://"), IssuerPools.issuer(ofDiscoveryURL: discoveryURL) == nil else {
            return nil
        }
        return DocumentURL.refusal(of: discoveryURL)
    }

    // MARK: Patterns

    private static func strangers(in scenario: Scenario) -> [String] {
        var found: [String] = []
        for (index, rule) in scenario.rules.enumerated() {
            guard let agent = rule.agent, !fits(agent, scenario.agents) else { continue }
            found.append("rule \(name(rule.name, "rules", index)): no agent is called \(Excerpt.of(.string(agent)))")
        }
        for (index, fault) in scenario.faults.enumerated() {
            let what = "fault \(name(fault.name, "faults", index))"
            let here = scenario.agents.filter { fits(fault.agent ?? "*", [$0]) }
            if let agent = fault.agent, here.isEmpty {
                found.append("\(what): it can strike nobody: no agent is called \(Excerpt.of(.string(agent)))")
            } else if let endpoint = fault.endpoint, !here.contains(where: { has($0, endpoint) }) {
                found.append(
                    "\(what): it can strike nobody: no agent of its has an endpoint \(Excerpt.of(.string(endpoint)))")
            }
        }
        return found
    }

    private static func name(_ name: String?, _ list: String, _ index: Int) -> String {
        name.map { Excerpt.of(.string($0)) } ?? "\(list)[\(index)]"
    }

    /// Agents and patterns are both globs, over the ARN or the id at its end.
    private static func fits(_ pattern: String, _ agents: [Agent]) -> Bool {
        let glob = Glob(pattern)
        return agents.contains { agent in
            if glob.meets(Glob(agent.arn)) { return true }
            if let id = AgentARN(agent.arn)?.id { return glob.meets(Glob(id)) }
            // An id stands for any ARN that ends in it, and so does a pattern over ids.
            return !agent.arn.hasPrefix("arn:") && glob.meets(Glob("arn:*:runtime/\(agent.arn)"))
        }
    }

    private static func has(_ agent: Agent, _ endpoint: String) -> Bool {
        (agent.endpoints ?? ["DEFAULT"]).contains { Glob(endpoint).meets(Glob($0)) }
    }

    // MARK: Rules

    private static func rulesForLater(_ rules: [Rule]) -> [String] {
        rules.enumerated().compactMap { index, rule in
            guard let operation = rule.operation, Operation.notOfferedYet.contains(operation) else { return nil }
            return "rule \(name(rule.name, "rules", index)): it never answers: \(operation) is not in this version"
        }
    }

    private static func hiddenRules(_ rules: [Rule]) -> [String] {
        rules.enumerated().compactMap { index, rule in
            guard let before = rules[..<index].firstIndex(where: { covers($0, rule) }) else { return nil }
            return "rule \(name(rule.name, "rules", index)): it never answers: rule "
                + "\(name(rules[before].name, "rules", before)) before it takes every call that it would take"
        }
    }

    /// Whether whatever the later rule takes, the earlier takes first: told by what is written, so that no rule is
    /// suspected wrongly.
    private static func covers(_ earlier: Rule, _ later: Rule) -> Bool {
        let usual = "InvokeAgentRuntime"
        return covers(earlier.agent ?? "*", later.agent ?? "*")
            && covers(earlier.qualifier ?? "*", later.qualifier ?? "*")
            && covers(earlier.operation ?? usual, later.operation ?? usual)
            && covers(earlier.when ?? Condition(), later.when ?? Condition())
    }

    private static func covers(_ earlier: String, _ later: String) -> Bool { earlier == "*" || earlier == later }

    private static func covers(_ earlier: Condition, _ later: Condition) -> Bool {
        earlier.payload.allSatisfy(later.payload.contains) && earlier.header.allSatisfy(later.header.contains)
            && (earlier.session == nil || earlier.session == "*" && later.session != nil
                || earlier.session == later.session)
            && (earlier.user == nil || earlier.user == "*" && later.user != nil || earlier.user == later.user)
            && (earlier.call == nil || earlier.call == later.call)
            && (earlier.state == nil || earlier.state == later.state)
    }
}
