import Fields
import JSON
import Journal

extension ControlCalls {
    /// Callers say that they wanted to call and did not: silence that is explained.
    static let marks = ControlCalls(
        ControlCall("GET", "marks") { request, world in
            let marks = world.journal.marks.marks.filter { $0.space == request.space ?? $0.space }
            return .json(["marks": .array(marks.map(\.json))])
        },
        ControlCall("POST", "marks") { (request, world) throws(ControlRefusal) in
            let space = try world.space(of: request)
            var (agent, by, note): (String?, String?, String?)
            for member in try request.json().members ?? [] {
                switch member.name {
                case "agent": agent = try text(member)
                case "by": by = try text(member)
                case "note": note = try text(member)
                default: throw ControlRefusal(400, "\(Excerpt.of(.string(member.name))) is none of agent, by, note")
                }
            }
            guard agent != nil || by != nil else {
                throw ControlRefusal(
                    400,
                    "a mark says who wanted to call: {\"agent\":…} or {\"by\":…}, as the expectation tells callers apart"
                )
            }
            let mark = Mark(
                space: space.name, agent: agent, by: by, note: note, at: request.now,
                clock: space.clock.now(request.now))
            world.journal.add(mark)
            return .json(mark.json, status: 201)
        })

    private static let longest = 2_048

    private static func text(_ member: Value.Member) throws(ControlRefusal) -> String? {
        if member.value.isNull { return nil }
        guard let text = member.value.text, text.utf8.count <= longest else {
            throw ControlRefusal(400, "\(member.name) is a text of \(longest) bytes at most")
        }
        return text
    }
}
