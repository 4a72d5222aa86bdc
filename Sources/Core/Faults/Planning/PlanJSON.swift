import Bytes
import JSON

extension FaultPlan {
    /// `{"seed": 7, "space": "default", "faults": [{"name", "fault", "counted", "condition"?}…],
    /// "calls": [{"call": 1, "strikes": [{"name": "slow", "delay": 1320.417}]}…]}`, a call in a line. `delay` is in
    /// milliseconds; `"if": true` says that the fault's condition has to hold too. A plan for one agent has its
    /// `"agent"` in each line.
    package var json: [UInt8] { [self].json }

    fileprivate func appendCalls(to json: inout [UInt8]) {
        let names = columns.map { Value.string($0.definition.name).compact }
        let agent = agent.map { Array("\"agent\":".utf8) + Value.string($0).compact + [UInt8(ascii: ",")] } ?? []
        var columns = columns
        for call in first..<first + calls {
            json.append(json.last == UInt8(ascii: "[") ? "\n{" : ",\n{" as StaticString)
            json.append(contentsOf: agent)
            json.append("\"call\":")
            json.append(decimal: call)
            json.append(",\"strikes\":[")
            var isFirst = true
            for index in columns.indices {
                let cell = columns[index].next()
                if cell == .none { continue }
                if !isFirst { json.append(UInt8(ascii: ",")) }
                isFirst = false
                cell.append(to: &json, name: names[index])
            }
            json.append("]}")
        }
    }
}

extension [FaultPlan] {
    /// Plans of one book's faults as one, the calls of one agent after those of another.
    package var json: [UInt8] {
        var columns: [FaultPlan.Column] = []
        for plan in self {
            for column in plan.columns where !columns.contains(where: { $0.definition === column.definition }) {
                columns.append(column)
            }
        }
        let head: Value = [
            "seed": .number(String(first?.seed ?? 0)), "space": .string(first?.space ?? ""),
            "faults": .array(columns.map(\.summary)),
        ]
        var json = head.compact
        json.removeLast()
        json.append(",\"calls\":[")
        for plan in self { plan.appendCalls(to: &json) }
        json.append("\n]}\n")
        return json
    }
}

extension FaultPlan.Column {
    fileprivate var summary: Value {
        var members: [Value.Member] = [
            .init("name", .string(definition.name)), .init("fault", .string(definition.entry.fault)),
            .init("counted", .string(counting.rawValue)),
        ]
        if definition.isOnce { members.append(.init("once", true)) }
        if let condition = definition.fault.condition { members.append(.init("condition", .string(condition))) }
        return .object(members)
    }
}

extension FaultPlan.Cell {
    fileprivate func append(to json: inout [UInt8], name: [UInt8]) {
        json.append("{\"name\":")
        json.append(contentsOf: name)
        switch self {
        case .none, .strikes: break
        case .may: json.append(",\"if\":true")
        case .draws(let nanoseconds):
            json.append(",\"delay\":")
            json.append(milliseconds: nanoseconds)
        }
        json.append("}")
    }
}
