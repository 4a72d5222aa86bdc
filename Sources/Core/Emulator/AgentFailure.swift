/// What the platform makes of a failing agent (wire reference 2.3): its status in a sentence, its body kept back.
enum AgentFailure {
    static func message(status: Int) -> String {
        "Received error (\(status)) from runtime. Please check your CloudWatch logs for more information."
    }
}
