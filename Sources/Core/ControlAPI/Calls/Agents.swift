import Emulator
import JSON
import Journal
import Library

extension ControlCalls {
    private static let mostAgents = 1_000

    /// The agents of the library, and those that were called and that one of its patterns stands for; each with what
    /// holds for it, and how many calls and sessions it has.
    static let agents = ControlCalls(
        ControlCall("GET", "agents") { (request, world) throws(ControlRefusal) in
            let space = try world.space(of: request)
            let entries = world.state.library.scenario.agents
            var sessions: [String: Int] = [:]
            for key in space.latestSessions(mostAgents) { sessions[key.agent, default: 0] += 1 }
            var met: [String] = []
            for series in world.journal.metrics.series.prefix(mostAgents) where !met.contains(series.agent) {
                met.append(series.agent)
            }
            let known = Set(entries.map(\.arn))
            let others = met.filter { !known.contains($0) }.sorted()
            return .pulled(
                ListParts("agents", count: entries.count + others.count) { index in
                    let entry = index < entries.count ? entries[index] : nil
                    let arn = entry?.arn ?? others[index - entries.count]
                    guard let settings = entry ?? world.state.agent(arn)?.settings else { return nil }
                    return value(of: settings, as: arn, sessions[arn] ?? 0, world.journal.metrics)
                })
        })

    private static func value(of entry: Agent, as arn: String, _ sessions: Int, _ metrics: CallMetrics) -> Value {
        var members: [Value.Member] = [
            .init("arn", .string(arn)), .init("protocol", .string((entry.protocol ?? .http).rawValue)),
            .init("endpoints", .array((entry.endpoints ?? ["DEFAULT"]).map { .string($0) })),
        ]
        let written = entry.written.members ?? []
        if !written.contains(where: { $0.name == "auth" }) { members.append(.init("auth", "sigv4")) }
        members += written.filter { !["arn", "protocol", "endpoints"].contains($0.name) }
        if arn != entry.arn { members.append(.init("entry", .string(entry.arn))) }
        members += [.init("sessions", Value(sessions)), .init("calls", Value(metrics.calls(toAgent: arn)))]
        return .object(members)
    }
}
