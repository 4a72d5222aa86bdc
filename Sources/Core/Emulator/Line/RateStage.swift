import Runtime

/// What comes faster than the rate that an agent's entry states is answered 429 (wire reference 9).
enum RateStage {
    static func limit(_ call: borrowing OpenCall) -> LineExit? {
        guard let agent = call.agent, let rate = agent.settings.limits?.rate else { return nil }
        let isAdmitted = call.space.usage[agent.arn, default: Usage()].admitsCall(rate, at: call.now)
        return isAdmitted ? nil : call.refusal(.throttling)
    }
}
