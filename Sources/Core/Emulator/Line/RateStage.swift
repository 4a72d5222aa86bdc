import Runtime

/// What comes faster than the rate that an agent's entry states is answered 429 (wire reference 9).
enum RateStage {
    static func limit(_ call: OpenCall) -> LineExit? {
        guard let agent = call.agent, let rate = agent.settings.limits?.rate else { return nil }
        let isAdmitted = call.space.usage[agent.arn, default: Usage()].admitsCall(rate, at: call.now)
        return isAdmitted ? nil : call.throttled
    }
}

extension OpenCall {
    /// It came too fast; when to come again is said where the agent's entry says it.
    var throttled: LineExit {
        var response = ServiceResponse(errorAnswer(.throttling))
        if let wait = agent?.settings.limits?.retryAfter {
            for field in RetryHint(after: wait).fields { response.fields.add(name: field.name, value: field.value) }
        }
        return .answered(response)
    }
}
